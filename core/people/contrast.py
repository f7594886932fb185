"""Two conditions of one person side by side: how far apart their sittings are, and how sure that is. No SQL.

Sessions are the unit, as in longitudinal.py: Welch's interval of the difference of their means, and Hedges' g. What
is compared is how a face appeared; what the condition did to the person, it does not say.
"""

import math
import statistics
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from core.people.longitudinal import CONFIDENCE, MEASURES, SessionBin, valence

#: Sessions that either side needs: below, how sessions differ is anybody's guess.
LEAST_SESSIONS: Final = 3


@dataclass(frozen=True, kw_only=True)
class Contrast:
    """The second side less the first, of one measure."""

    first_mean: float
    second_mean: float
    difference: float
    low: float  # of the 95 % interval
    high: float
    effect_size: float | None  # Hedges' g: the difference over the deviation between sessions; None: they do not differ
    num_first: int  # sessions
    num_second: int

    @property
    def excludes_zero(self) -> bool:
        """Whether the interval leaves out that there is no difference."""
        return self.low > 0 or self.high < 0


def session_values(bins: Iterable[SessionBin], condition: str) -> dict[str, list[float]]:
    """Return by measure the mean of each session of a condition, sessions by name."""
    sums: dict[str, list[float]] = defaultdict(lambda: [0.0] * len(MEASURES))
    for each in bins:
        if each.condition == condition and each.num_faces:
            more = (*each.sum_probs, each.num_faces)
            sums[each.session] = [a + b for a, b in zip(sums[each.session], more, strict=True)]
    means = [[total / of_session[-1] for total in of_session[:-1]] for _, of_session in sorted(sums.items())]
    values = [[*probs, valence(probs)] for probs in means]
    return {name: [row[index] for row in values] for index, name in enumerate(MEASURES)}


def contrast(first: Sequence[float], second: Sequence[float]) -> Contrast | None:
    """Compare two sides, a value a session; None: one of them has fewer than LEAST_SESSIONS."""
    from scipy.special import stdtrit  # a tenth of a second that most commands need not spend

    if min(len(first), len(second)) < LEAST_SESSIONS:
        return None
    means = statistics.fmean(first), statistics.fmean(second)
    variances = statistics.variance(first), statistics.variance(second)
    errors = variances[0] / len(first), variances[1] / len(second)
    half = 0.0
    if sum(errors) > 0:
        freedom = sum(errors) ** 2 / (errors[0] ** 2 / (len(first) - 1) + errors[1] ** 2 / (len(second) - 1))
        half = float(stdtrit(freedom, (1 + CONFIDENCE) / 2)) * math.sqrt(sum(errors))
    difference = means[1] - means[0]
    return Contrast(
        first_mean=means[0],
        second_mean=means[1],
        difference=difference,
        low=difference - half,
        high=difference + half,
        effect_size=_hedges_g(difference, variances, (len(first), len(second))),
        num_first=len(first),
        num_second=len(second),
    )


def _hedges_g(difference: float, variances: tuple[float, float], counts: tuple[int, int]) -> float | None:
    freedom = sum(counts) - 2
    pooled = math.sqrt(sum((n - 1) * variance for n, variance in zip(counts, variances, strict=True)) / freedom)
    return None if pooled == 0 else difference / pooled * (1 - 3 / (4 * freedom - 1))
