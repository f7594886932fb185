"""Are the changes that were planted in a store's years found, within stated tolerances, and no others?"""

from typing import Final

from core.change.search import Changes, Search, find_changes
from core.people.baseline import Sittings, baseline_of
from core.people.longitudinal import MEASURES
from core.people.session_series import series_of
from db.people.longitudinal import subject_record
from db.store import Store
from tests.session_series import day_us
from tests.simulated_change import YEARS, write_changing_years

#: A planted date is found within three sittings, a size within a quarter, a slope within a quarter, of what it was.
DATE_TOLERANCE_DAYS: Final = 21
SIZE_TOLERANCE: Final = 0.05
SLOPE_TOLERANCE: Final = 0.25


def check_planted_changes(store: Store) -> None:
    """Write the years, read them back, and hold what is found against what was planted."""
    write_changing_years(store)
    for name, planted in YEARS.items():
        changes = search(store, name)
        assert changes.measures is not None
        assert changes.false_alarm_rate is not None
        assert changes.false_alarm_rate <= changes.search.alpha
        happy = changes.measures[MEASURES.index("happy")]
        print(f"{name}: {len(changes.series)} sessions, false alarms {changes.false_alarm_rate:.3f}")
        if planted.slope_per_30_days is not None:
            print(f"  slope {planted.slope_per_30_days:+.4f}, found {happy.trend}")
            assert happy.trend_chance.is_found
            error = abs(happy.trend.slope - planted.slope_per_30_days)
            assert error <= SLOPE_TOLERANCE * abs(planted.slope_per_30_days)
        if planted.shift_days:
            assert len(happy.shifts) == len(planted.shift_days)
            for shift, day, size in zip(happy.shifts, planted.shift_days, planted.shift_sizes, strict=True):
                planted_us = day_us(day + 8 / 24)  # the year's days begin at eight
                late_days = (shift.at_us - planted_us) / 86_400e6
                print(f"  day {day:g} by {size:+.2f}: found {late_days:+.1f} days off, {shift.size.difference:+.3f}")
                assert abs(late_days) <= DATE_TOLERANCE_DAYS
                assert shift.not_before_us <= planted_us <= shift.not_after_us
                assert abs(shift.size.difference - size) <= SIZE_TOLERANCE
        if name == "steady":
            assert not any(each.is_changed for each in changes.measures)
        if name == "stepping":
            assert happy.sustained is not None
            assert abs(happy.sustained.size.mean - 0.2) <= SIZE_TOLERANCE


def search(store: Store, name: str) -> Changes:
    """Look for changes as the command does, with the year's first ten weeks as baseline."""
    with store.reading() as connection:
        record = subject_record(connection, name, bin_us=60_000_000)
    baseline = baseline_of(
        record.bins,
        Sittings(until_us=day_us(70)),
        number=1,
        definition="the first ten weeks",
        model_versions=record.model_versions,
    )
    return find_changes(series_of(record.bins, min_readings=10), Search(), baseline=baseline)
