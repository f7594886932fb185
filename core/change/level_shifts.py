"""Level shifts: sessions after which a measure stays on another level. Where, how large, how sure of the date.

Whether there is any is asked of the stretch of sessions that differs most from the rest, against shuffled sessions
(circular binary segmentation: Olshen et al. 2004). Where they are is PELT's answer (Killick et al. 2012, by ruptures)
with a squared-error cost and a penalty of three times the noise's variance times log N. Each must then stand on its own
between its neighbours. The date's interval resamples sessions on either side (Huskova and Kirch 2008).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from core.change.shuffles import p_values, shuffles
from core.errors import EnvironmentFault
from core.people.contrast import Contrast, contrast

#: Sessions that a level must hold to be one.
LEAST_STRETCH: Final = 4

#: Borders that are tried for the statistic; of longer records every second, third ... session is one.
_MAX_BORDERS: Final = 100

_NUM_RESAMPLED: Final = 500
_PENALTY: Final = 3.0


@dataclass(frozen=True, kw_only=True)
class LevelShift:
    """One shift between the levels on either side of it."""

    at_us: int  # middle of the time between the last session before and the first after
    not_before_us: int  # 95 % interval of that: a session that is still before
    not_after_us: int  # and one that is after
    size: Contrast  # after less before, over the sessions up to the neighbouring shifts
    p_value: float  # of this shift alone, between its neighbours


def shift_statistics(values: NDArray[np.float64], orders: NDArray[np.intp]) -> NDArray[np.float64]:
    """Return of each of B orders (B, N) the share of all variation that the oddest stretch explains, (B,) 0..1."""
    num = len(values)
    centred = values - values.mean()
    total = float(centred @ centred)
    if total <= 0 or num < 2 * LEAST_STRETCH:
        return np.zeros(len(orders))
    sums = _cumulated(centred[orders])
    borders = np.array([0, *range(LEAST_STRETCH, num - LEAST_STRETCH + 1, -(-num // _MAX_BORDERS)), num], dtype=np.intp)
    best = np.zeros(len(orders))
    for begin in borders[:-1]:
        ends = borders[(borders - begin >= LEAST_STRETCH) & (num - (borders - begin) >= LEAST_STRETCH)]
        if len(ends):
            lengths = ends - begin
            gains = (sums[:, ends] - sums[:, [begin]]) ** 2 * num / (lengths * (num - lengths))
            best = np.maximum(best, gains.max(axis=1))
    return best / total


def shifts_of(
    times_us: NDArray[np.int64],
    values: NDArray[np.float64],
    conditions: Sequence[str | None],
    *,
    alpha: float,
    num_shuffles: int,
    seed: int,
    num_together: int = 1,
) -> tuple[LevelShift, ...]:
    """Return the shifts of N session values whose own p-value is at most `alpha`, in order of time."""
    found: list[LevelShift] = []
    borders = [0, *_borders(values), len(values)]
    for before, border, after in zip(borders, borders[1:], borders[2:], strict=False):
        part = values[before:after]
        orders = shuffles(conditions[before:after], num_shuffles, seed=seed, num_together=num_together)
        p_value = float(p_values(_split_gains(part[orders]).max(axis=1)[None])[0, 0])
        size = contrast(values[before:border].tolist(), values[border:after].tolist())
        if p_value > alpha or size is None:
            continue
        low, high = _interval(part, border - before, seed=seed)
        found.append(
            LevelShift(
                at_us=int(times_us[border - 1] + (times_us[border] - times_us[border - 1]) // 2),
                not_before_us=int(times_us[before + low - 1]),
                not_after_us=int(times_us[before + high]),
                size=size,
                p_value=p_value,
            )
        )
    return tuple(found)


def _borders(values: NDArray[np.float64]) -> list[int]:
    """Return the indices of the sessions with which a new level begins; at least one."""
    try:
        import ruptures  # half a second that most commands need not spend
    except ImportError as error:
        raise EnvironmentFault("change points need ruptures: pip install 'moodline[records]'") from error
    search = ruptures.KernelCPD(kernel="linear", min_size=LEAST_STRETCH).fit(values[:, None])
    found = search.predict(pen=_PENALTY * _noise(values) ** 2 * np.log(len(values)))[:-1]
    return [int(border) for border in found or search.predict(n_bkps=1)[:-1]]


def _noise(values: NDArray[np.float64]) -> float:
    """Deviation between neighbouring sessions, by the median, so that shifts and odd sessions do not count."""
    steps = np.diff(values)
    robust = 1.4826 * float(np.median(np.abs(steps - np.median(steps)))) / np.sqrt(2)
    return robust or float(values.std())


def _split_gains(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return for (B, N) rows what a split before each session explains, (B, N - 2 * LEAST_STRETCH + 1)."""
    num = rows.shape[1]
    sums = _cumulated(rows - rows.mean(axis=1, keepdims=True))
    splits = np.arange(LEAST_STRETCH, num - LEAST_STRETCH + 1)
    return sums[:, splits] ** 2 * num / (splits * (num - splits))


def _interval(part: NDArray[np.float64], border: int, *, seed: int) -> tuple[int, int]:
    """Return the 95 % interval of where in `part` (N,) the new level begins."""
    draw = np.random.default_rng(seed)
    sides = (draw.choice(side, (_NUM_RESAMPLED, len(side))) for side in (part[:border], part[border:]))
    found = LEAST_STRETCH + _split_gains(np.concatenate(list(sides), axis=1)).argmax(axis=1)
    low, high = np.percentile(found, 2.5, method="lower"), np.percentile(found, 97.5, method="higher")
    return min(int(low), border), max(int(high), border)


def _cumulated(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return running sums of (B, N) rows with a zero before them, (B, N + 1)."""
    return np.concatenate([np.zeros((len(rows), 1)), rows.cumsum(axis=1)], axis=1)
