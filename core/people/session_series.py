"""A record as one value a session and measure, in order of time: what changes are looked for in. No SQL."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.people.longitudinal import MEASURES, SessionBin, valence


@dataclass(frozen=True, kw_only=True)
class SessionSeries:
    """N sessions in order of time."""

    names: tuple[str, ...]  # of the sessions
    conditions: tuple[str | None, ...]
    times_us: NDArray[np.int64]  # (N,) rising: first counted reading's bin, microseconds since 1970 in UTC
    values: NDArray[np.float64]  # (N, 8) session means, columns as in core.people.longitudinal.MEASURES
    num_too_short: int  # sessions that had too few counted readings to have a value

    def __len__(self) -> int:
        return len(self.names)

    @property
    def level_values(self) -> NDArray[np.float64]:
        """The values (N, 8) less what their condition differs by from all: a condition is no change over time."""
        told = self.values.copy()
        for condition in set(self.conditions):
            mine = [index for index, each in enumerate(self.conditions) if each == condition]
            told[mine] += self.values.mean(axis=0) - self.values[mine].mean(axis=0)
        return told


def series_of(bins: Iterable[SessionBin], *, min_readings: int) -> SessionSeries:
    """Average each session; a sitting in two conditions is two."""
    sums: dict[tuple[str, str | None], list[float]] = defaultdict(lambda: [0.0] * len(MEASURES))
    begins: dict[tuple[str, str | None], int] = {}
    for each in bins:
        if each.num_faces:
            key = (each.session, each.condition)
            more = (*each.sum_probs, each.num_faces)
            sums[key] = [a + b for a, b in zip(sums[key], more, strict=True)]
            begins[key] = min(each.start_us, begins.get(key, each.start_us))
    long_enough = [key for key in sums if sums[key][-1] >= min_readings]
    ordered = sorted(long_enough, key=lambda key: (begins[key], key[0], key[1] or ""))
    means = [[total / sums[key][-1] for total in sums[key][:-1]] for key in ordered]
    return SessionSeries(
        names=tuple(name for name, _ in ordered),
        conditions=tuple(condition for _, condition in ordered),
        times_us=np.array([begins[key] for key in ordered], dtype=np.int64),
        values=np.array([[*probs, valence(probs)] for probs in means]).reshape(-1, len(MEASURES)),
        num_too_short=len(sums) - len(ordered),
    )
