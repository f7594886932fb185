"""How large a change must be to be found, and do intervals hold what was planted: a table of docs/longitudinal.md."""

from dataclasses import replace
from typing import Final

import pytest

from core.change.search import MeasureChange, Search, find_changes
from core.people.longitudinal import MEASURES
from tests.session_series import DAY_US, day_us, make_baseline, null_year

NUM_YEARS: Final = 100
DEVIATION: Final = 0.1  # between sessions
SHIFT_DAY: Final = 180
VALENCE: Final = MEASURES.index("valence")


def found_in(seed: int, *, num_sessions: int, step: float = 0.0, rise: float = 0.0) -> MeasureChange:
    """Search a year in which valence steps on SHIFT_DAY, and rises over the whole year, by so many deviations."""
    series = null_year(seed, num_sessions=num_sessions, deviation=DEVIATION)
    days = (series.times_us - day_us(0)) / DAY_US
    values = series.values.copy()
    values[:, VALENCE] += DEVIATION * (step * (days >= SHIFT_DAY) + rise * days / 365)
    planted = replace(series, values=values)
    measures = find_changes(planted, Search(num_shuffles=599), baseline=make_baseline(planted)).measures
    assert measures is not None
    return measures[VALENCE]


@pytest.mark.parametrize(
    ("num_sessions", "step", "least_found"), [(20, 1.5, 10), (20, 2.0, 30), (40, 1.0, 10), (40, 1.5, 55), (40, 2.0, 85)]
)
def test_steps_are_found_the_surer_the_larger_and_their_dates_are_as_sure_as_told(
    num_sessions: int, step: float, least_found: int
):
    found = [found_in(9_000 + seed, num_sessions=num_sessions, step=step) for seed in range(NUM_YEARS)]
    num_found = sum(each.is_changed for each in found)
    single = [each.shifts[0] for each in found if len(each.shifts) == 1]
    num_dates = sum(each.not_before_us <= day_us(SHIFT_DAY) <= each.not_after_us for each in single)
    num_sizes = sum(each.size.low <= DEVIATION * step <= each.size.high for each in single)
    print(
        f"{num_sessions} sessions, step of {step}: found {num_found}, one shift {len(single)}, "
        f"of these date held {num_dates}, size held {num_sizes}"
    )
    assert num_found >= least_found
    assert num_dates >= 0.8 * len(single)


@pytest.mark.parametrize(("num_sessions", "rise", "least_found"), [(20, 3.0, 25), (40, 2.0, 40), (40, 3.0, 80)])
def test_trends_are_found_the_surer_the_steeper_and_their_slopes_are_as_sure_as_told(
    num_sessions: int, rise: float, least_found: int
):
    found = [found_in(9_000 + seed, num_sessions=num_sessions, rise=rise) for seed in range(NUM_YEARS)]
    num_found = sum(each.is_changed for each in found)
    slope = DEVIATION * rise * 30 / 365
    num_slopes = sum(each.trend.low <= slope <= each.trend.high for each in found)
    print(f"{num_sessions} sessions, rise of {rise} a year: found {num_found}, slope held {num_slopes}")
    assert num_found >= least_found
    assert num_slopes >= 85  # over all years, told or not
