"""Groups of people side by side. The person is the unit; the study says who is in which group, nobody infers it.

A person's value is the mean of its sessions' means. Small groups are not told of: who knows a few of their members
could tell the others' values.
"""

from collections.abc import Iterable, Sequence
from typing import Final

from core.people.contrast import Contrast, contrast
from core.people.longitudinal import MEASURES, SessionBin
from core.people.session_series import series_of

#: Groups of fewer people are suppressed.
LEAST_PEOPLE: Final = 20


def person_values(bins: Iterable[SessionBin], *, condition: str | None, min_readings: int) -> tuple[float, ...] | None:
    """Return the mean of a person's session means, (8,) by longitudinal.MEASURES; None: no session counts."""
    series = series_of((each for each in bins if condition in (None, each.condition)), min_readings=min_readings)
    return tuple(series.values.mean(axis=0).tolist()) if len(series) else None


def compare_groups(
    first: Sequence[tuple[float, ...]], second: Sequence[tuple[float, ...]]
) -> dict[str, Contrast] | None:
    """Compare two groups, a row (8,) a person, measure by measure; None: one of them is too small to be told of."""
    if min(len(first), len(second)) < LEAST_PEOPLE:
        return None
    found = {}
    for column, name in enumerate(MEASURES):
        each = contrast([row[column] for row in first], [row[column] for row in second])
        if each is not None:  # LEAST_PEOPLE is more than contrast asks for
            found[name] = each
    return found
