"""A person's own baseline: what the face appeared to show in chosen sittings, and how far it is from that elsewhere.

Faces at rest differ: one looks sad to the classifier, another cheerful. A change from the person's own baseline takes
that out; it is a difference of what appears, not of what is felt. Raw values stay beside it.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from core.errors import InputError
from core.people.longitudinal import Enough, Estimate, SessionBin, one_point_of

#: Fewer counted readings than this are no baseline.
LEAST_READINGS = 20


@dataclass(frozen=True, kw_only=True)
class Baseline:
    """What a person's face appeared to show in the sittings that were chosen."""

    number: int  # of the subject's, from 1
    definition: str  # which sittings, as they were asked for
    estimates: dict[str, Estimate]  # by core.people.longitudinal.MEASURES
    num_sessions: int
    num_readings: int
    model_versions: tuple[str, ...]  # that spoke


@dataclass(frozen=True, kw_only=True)
class Sittings:
    """Which of a subject's sittings make its baseline: by name, time and condition, as far as they are given."""

    sessions: tuple[str, ...] = ()
    from_us: int | None = None  # since 1970 in UTC
    until_us: int | None = None  # exclusive
    condition: str | None = None

    def hold(self, each: SessionBin) -> bool:
        """Whether a bin is of these."""
        return (
            (not self.sessions or each.session in self.sessions)
            and (self.from_us is None or each.start_us >= self.from_us)
            and (self.until_us is None or each.start_us < self.until_us)
            and (self.condition is None or each.condition == self.condition)
        )


def baseline_of(
    bins: Sequence[SessionBin], sittings: Sittings, *, number: int, definition: str, model_versions: tuple[str, ...]
) -> Baseline:
    """Average the sittings. Raises InputError where they hold too little, or where several models spoke."""
    chosen = [each for each in bins if sittings.hold(each)]
    if len(model_versions) > 1:
        raise InputError(
            f"baseline of {definition}: rows are of several models ({', '.join(model_versions)}), which differ by more "
            "than a person does: `moodline reprocess` makes them of one"
        )
    point = one_point_of(chosen, Enough(min_readings=LEAST_READINGS)) if chosen else None
    if point is None or point.estimates is None:
        readings = 0 if point is None else point.num_readings
        raise InputError(f"baseline of {definition}: {readings} counted readings, and {LEAST_READINGS} are the least")
    return Baseline(
        number=number,
        definition=definition,
        estimates=point.estimates,
        num_sessions=point.num_sessions,
        num_readings=point.num_readings,
        model_versions=model_versions,
    )


def change(estimate: Estimate, baseline: Estimate) -> Estimate:
    """Return how far a value is from a baseline; the interval holds the uncertainty of both, where both are known."""
    mean = estimate.mean - baseline.mean
    if estimate.high is None or baseline.high is None:
        return Estimate(mean=mean, low=None, high=None)
    half = math.hypot(estimate.high - estimate.mean, baseline.high - baseline.mean)
    return Estimate(mean=mean, low=mean - half, high=mean + half)
