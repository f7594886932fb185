"""Made-up records: session values by measure, without a store."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from core.people.baseline import Baseline
from core.people.longitudinal import MEASURES, estimate
from core.people.session_series import SessionSeries

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
DAY_US = 86_400_000_000


def day_us(day: float) -> int:
    """Return a day of the record as microseconds since 1970."""
    return (BEGIN - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1) + round(day * DAY_US)


def make_series(
    values: NDArray[np.float64], *, days: Sequence[float] | None = None, conditions: Sequence[str | None] | None = None
) -> SessionSeries:
    """Return a record of weekly sessions; (N,) values are valence's, and all else is constant."""
    columns = values
    if values.ndim == 1:
        columns = np.full((len(values), len(MEASURES)), 0.125)
        columns[:, MEASURES.index("valence")] = values
    days = days or [7.0 * index for index in range(len(values))]
    return SessionSeries(
        names=tuple(f"s{index}" for index in range(len(values))),
        conditions=tuple(conditions or [None] * len(values)),
        times_us=np.array([day_us(day) for day in days], dtype=np.int64),
        values=columns,
        num_too_short=0,
    )


def make_baseline(series: SessionSeries, *, num_sessions: int = 8) -> Baseline:
    """Return the baseline of the first sessions of a record."""
    first = series.values[:num_sessions]
    return Baseline(
        number=1,
        definition="the first sessions",
        estimates={name: estimate(first[:, column].tolist()) for column, name in enumerate(MEASURES)},
        num_sessions=num_sessions,
        num_readings=1_000,
        model_versions=("small-0123456789ab",),
    )


def null_year(seed: int, *, num_sessions: int = 40, deviation: float = 0.1, neighbours: float = 0.0) -> SessionSeries:
    """Return a year in which nothing changes, in two conditions that differ; gaps as chance makes them.

    `neighbours`: correlation of one session with the next, 0..1.
    """
    draw = np.random.default_rng(seed)
    days = np.sort(draw.uniform(0, 365, num_sessions))
    noise = draw.normal(0, 1, (num_sessions, len(MEASURES)))
    for index in range(1, num_sessions):
        noise[index] = neighbours * noise[index - 1] + np.sqrt(1 - neighbours**2) * noise[index]
    conditions = ["calm" if index % 2 else "stress" for index in range(num_sessions)]
    differ = np.array([0.0 if condition == "calm" else deviation for condition in conditions])
    return make_series(0.3 + differ[:, None] + deviation * noise, days=days.tolist(), conditions=conditions)
