"""Look for changes in a record, and count how often the same search finds some where there are none.

Every measure is asked three things: is there a trend, is there a level shift, has it left the person's baseline. One
set of shuffled sessions answers how likely each answer is by chance; Holm's correction covers all that was asked; and
the share of the shuffled records in which the same search finds anything is the false-alarm rate that is told (at most:
a level shift must besides stand on its own).
"""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from core.change.level_shifts import LevelShift, shift_statistics, shifts_of
from core.change.remainder import Shape, after_line, after_steps, autocorrelation, shape_of
from core.change.shuffles import holm, p_values, shuffles
from core.change.sustained_shift import (
    ALARM,
    SustainedShift,
    reference_of,
    sustained_shift_of,
    sustained_statistics,
)
from core.change.trend import Trend, trend_of, trend_statistics
from core.errors import InputError
from core.people.baseline import Baseline
from core.people.longitudinal import MEASURES
from core.people.session_series import SessionSeries

#: With fewer sessions, nothing is said of change.
LEAST_SESSIONS: Final = 8

LEAST_SHUFFLES: Final = 200

#: Fewer blocks of sessions than this have too few orders to compare with: 7! is 5,040.
LEAST_BLOCKS: Final = 7


@dataclass(frozen=True, kw_only=True)
class Search:
    """How changes are looked for."""

    measures: tuple[str, ...] = MEASURES
    alpha: float = 0.05  # chance of any false finding in a record without change
    num_shuffles: int = 1999
    seed: int = 0  # of the shuffles
    num_together: int = 1  # sessions in a row that are shuffled together, where neighbours resemble each other

    def __post_init__(self) -> None:
        if not 0 < self.alpha < 1:
            raise InputError(f"--alpha {self.alpha:g}: must lie between 0 and 1, as 0.05 does")
        if unknown := [name for name in self.measures if name not in MEASURES]:
            raise InputError(f"--measure {unknown[0]}: no such measure; there are: {', '.join(MEASURES)}")
        if self.num_shuffles < LEAST_SHUFFLES:
            raise InputError(f"--shuffles {self.num_shuffles}: {LEAST_SHUFFLES} are the least")


@dataclass(frozen=True, kw_only=True)
class Chance:
    """How likely a record without change looks like this."""

    p_value: float  # share of the orders of the sessions that look as much like a change
    corrected_p_value: float  # by Holm, for all that was asked
    is_found: bool  # the corrected one is at most alpha: a change is told


@dataclass(frozen=True, kw_only=True)
class MeasureChange:
    """What was found of one measure."""

    measure: str
    trend: Trend
    trend_chance: Chance
    shifts: tuple[LevelShift, ...]  # empty: none is told
    shift_chance: Chance
    sustained: SustainedShift | None  # None: none is told
    sustained_chance: Chance | None  # None: there is no baseline, or it has too few sessions
    shape: Shape | None  # what tells the course better; None: no trend and no shift is told
    autocorrelation: float  # of neighbouring sessions, -1..1, after what is told was taken out

    @property
    def is_changed(self) -> bool:
        """Whether a change is told."""
        return self.trend_chance.is_found or bool(self.shifts) or self.sustained is not None


@dataclass(frozen=True, kw_only=True)
class Changes:
    """The answer to a search."""

    search: Search
    series: SessionSeries
    baseline: Baseline | None
    measures: tuple[MeasureChange, ...] | None  # None: insufficient, fewer than LEAST_SESSIONS sessions
    num_questions: int  # that Holm's correction covers
    false_alarm_rate: float | None  # share of the shuffled records in which the same search finds anything


@dataclass(frozen=True, kw_only=True)
class _Question:
    """One thing asked of one measure: its statistic in each order of the sessions, the true order first."""

    measure: str
    kind: str
    statistics: NDArray[np.float64]  # (B,)
    least: float  # a statistic below this is no finding, however rare


def find_changes(series: SessionSeries, search: Search, *, baseline: Baseline | None = None) -> Changes:
    """Search a record. Raises InputError where the shuffles are too few to tell anything."""
    if len(series) < LEAST_SESSIONS:
        return Changes(
            search=search, series=series, baseline=baseline, measures=None, num_questions=0, false_alarm_rate=None
        )
    if not 1 <= search.num_together <= len(series) // LEAST_BLOCKS:
        most = len(series) // LEAST_BLOCKS
        raise InputError(f"--together {search.num_together}: of {len(series)} sessions 1 to {most} can stay together")
    orders = shuffles(series.conditions, search.num_shuffles, seed=search.seed, num_together=search.num_together)
    questions = _questions(series, search, baseline, orders)
    _refuse_too_few_orders(len(questions), series, search)
    p = p_values(np.array([each.statistics for each in questions]))
    corrected = holm(p)
    is_found = (corrected <= search.alpha) & np.array([each.statistics >= each.least for each in questions])
    chances = {
        (each.measure, each.kind): Chance(
            p_value=float(p[row, 0]), corrected_p_value=float(corrected[row, 0]), is_found=bool(is_found[row, 0])
        )
        for row, each in enumerate(questions)
    }
    return Changes(
        search=search,
        series=series,
        baseline=baseline,
        measures=tuple(_measure_change(series, search, baseline, name, chances) for name in search.measures),
        num_questions=len(questions),
        false_alarm_rate=float(is_found[:, 1:].any(axis=0).mean()),
    )


def _questions(
    series: SessionSeries, search: Search, baseline: Baseline | None, orders: NDArray[np.intp]
) -> Sequence[_Question]:
    asked = []
    levels = series.level_values
    for measure in search.measures:
        column = MEASURES.index(measure)
        mine = levels[:, column]
        asked.append(_Question(measure=measure, kind="trend", statistics=trend_statistics(mine, orders), least=0.0))
        asked.append(_Question(measure=measure, kind="shift", statistics=shift_statistics(mine, orders), least=0.0))
        reference = reference_of(baseline, measure) if baseline else None
        if reference is not None:
            heights = sustained_statistics(series.values[:, column], reference, orders)
            asked.append(_Question(measure=measure, kind="sustained", statistics=heights, least=ALARM))
    return asked


def _measure_change(
    series: SessionSeries,
    search: Search,
    baseline: Baseline | None,
    measure: str,
    chances: dict[tuple[str, str], Chance],
) -> MeasureChange:
    column = MEASURES.index(measure)
    levels, raw = series.level_values[:, column], series.values[:, column]
    shift_chance, sustained_chance = chances[measure, "shift"], chances.get((measure, "sustained"))
    shifts: tuple[LevelShift, ...] = ()
    if shift_chance.is_found:
        shifts = shifts_of(
            series.times_us,
            levels,
            series.conditions,
            alpha=search.alpha,
            num_shuffles=search.num_shuffles,
            seed=search.seed,
            num_together=search.num_together,
        )
    sustained = None
    reference = reference_of(baseline, measure) if baseline else None
    if baseline and reference and sustained_chance and sustained_chance.is_found:
        sustained = sustained_shift_of(series.times_us, raw, reference, baseline.estimates[measure])
    trend = trend_of(series.times_us, levels)
    line, steps = after_line(series.times_us, levels, trend), after_steps(series.times_us, levels, shifts)
    shape = None
    if shifts or chances[measure, "trend"].is_found:
        shape = shape_of(line, steps, num_shifts=len(shifts)) if shifts else Shape.LINE
    return MeasureChange(
        measure=measure,
        trend=trend,
        trend_chance=chances[measure, "trend"],
        shifts=shifts,
        shift_chance=shift_chance,
        sustained=sustained,
        sustained_chance=sustained_chance,
        shape=shape,
        autocorrelation=autocorrelation(line if shape is Shape.LINE else steps),
    )


def _refuse_too_few_orders(num_questions: int, series: SessionSeries, search: Search) -> None:
    """With few orders of the sessions, no p-value can be small enough: silence would look like an answer."""
    least = int(np.ceil(num_questions / search.alpha)) - 1
    if search.num_shuffles < least:
        raise InputError(
            f"--shuffles {search.num_shuffles}: too few to find anything among {num_questions} questions at --alpha "
            f"{search.alpha:g}; {least} are the least, or name fewer with --measure"
        )
    sizes = Counter(series.conditions)
    num_orders = math.prod(math.factorial(size) for size in sizes.values())
    if search.num_together == 1 and num_orders <= least:
        raise InputError(
            f"{len(series)} sessions of {len(sizes)} conditions have only {num_orders} orders within their conditions, "
            "too few to compare with: look at one by --condition, or name fewer with --measure"
        )
