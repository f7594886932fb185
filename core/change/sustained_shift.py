"""A sustained shift: sessions in a row that stay away from the person's own baseline. Page's CUSUM (1954), both ways.

Each session adds how far it lies beyond the baseline's 95 % interval, in deviations between the baseline's sessions,
less an allowance; the sum never falls below zero. It alarms at a fixed height. What is uncertain of the baseline never
counts as a shift, for distances begin where its interval ends.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from core.people.baseline import Baseline, change
from core.people.longitudinal import Estimate, estimate, half_width

#: A baseline of fewer sessions does not say how sessions differ.
LEAST_BASELINE_SESSIONS: Final = 5

ALLOWANCE: Final = 0.5  # deviations a session: half of the shift that is to be found
ALARM: Final = (
    5.0  # deviations summed up; the usual height for this allowance (Montgomery, Statistical Quality Control)
)


@dataclass(frozen=True, kw_only=True)
class Reference:
    """What a measure's sessions are held against."""

    low: float  # of the baseline's 95 % interval
    high: float
    deviation: float  # between the baseline's sessions


@dataclass(frozen=True, kw_only=True)
class SustainedShift:
    """The run of sessions that took the sum highest."""

    from_us: int  # first session of the run
    until_us: int  # last
    num_sessions: int
    size: Estimate  # the run's mean less the baseline's; the interval holds the uncertainty of both
    height: float  # of the sum, in deviations


def reference_of(baseline: Baseline, measure: str) -> Reference | None:
    """Return what a measure is held against; None: the baseline has too few sessions, or they do not differ."""
    of = baseline.estimates[measure]
    if baseline.num_sessions < LEAST_BASELINE_SESSIONS or of.low is None or of.high is None:
        return None
    deviation = (of.high - of.mean) / half_width(1.0, baseline.num_sessions)
    return Reference(low=of.low, high=of.high, deviation=deviation) if deviation > 0 else None


def sustained_statistics(
    values: NDArray[np.float64], reference: Reference, orders: NDArray[np.intp]
) -> NDArray[np.float64]:
    """Return of each of B orders of the sessions (B, N) how high the sum gets, (B,) deviations."""
    return np.maximum(*(_sums(steps[orders]).max(axis=1) for steps in _steps(values, reference)))


def sustained_shift_of(
    times_us: NDArray[np.int64], values: NDArray[np.float64], reference: Reference, of_baseline: Estimate
) -> SustainedShift | None:
    """Return the run that took the sum highest; None: it never got as high as ALARM."""
    sums = max((_sums(steps[None])[0] for steps in _steps(values, reference)), key=lambda each: float(each.max()))
    if sums.max() < ALARM:
        return None
    last = int(sums.argmax())
    resets = np.flatnonzero(sums[:last] == 0)
    first = int(resets[-1]) + 1 if len(resets) else 0
    run = values[first : last + 1]
    return SustainedShift(
        from_us=int(times_us[first]),
        until_us=int(times_us[last]),
        num_sessions=len(run),
        size=change(estimate(run.tolist()), of_baseline),
        height=float(sums[last]),
    )


def _steps(values: NDArray[np.float64], reference: Reference) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return what each session adds upwards and downwards, (N,) each."""
    up = (values - reference.high) / reference.deviation - ALLOWANCE
    down = (reference.low - values) / reference.deviation - ALLOWANCE
    return up, down


def _sums(steps: NDArray[np.float64]) -> NDArray[np.float64]:
    """Sum (B, N) steps in order, never below zero: the running sum less its lowest value so far."""
    sums = steps.cumsum(axis=1)
    lowest = np.minimum(np.minimum.accumulate(sums, axis=1), 0.0)
    return sums - lowest
