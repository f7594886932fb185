"""A stretch's wall clock comes from its first arrival, and notices when the camera's own clock runs away from it."""

from datetime import timedelta

from producer.cameras.stretch_clock import MAX_DRIFT_SECONDS, StretchClock
from tests.camera_fakes import FIRST_US, NOON


def make_clock() -> StretchClock:
    return StretchClock(end_us=FIRST_US + 2_000_000, arrived_at=NOON + timedelta(seconds=2))


def note(clock: StretchClock, second: float, *, late_seconds: float) -> None:
    """Note the arrival of a fragment that ends that second after the first picture."""
    end_us = FIRST_US + round(second * 1e6)
    clock.note_arrival(end_us=end_us, arrived_at=NOON + timedelta(seconds=second + late_seconds))


def test_picture_of_the_first_fragment_has_the_time_at_which_it_was_taken():
    assert make_clock().wall_clock(FIRST_US) == NOON


def test_single_late_arrival_is_the_networks_fault():
    clock = make_clock()
    for second in range(2, 60, 2):
        note(clock, second, late_seconds=9.0 if second == 30 else 0.01)
    assert not clock.is_off


def test_arrivals_that_are_all_late_mean_a_slow_camera_clock():
    clock = make_clock()
    for number in range(16):
        note(clock, 2 * number, late_seconds=MAX_DRIFT_SECONDS + 0.1)
        assert clock.is_off == (number == 15)


def test_picture_that_comes_before_it_was_taken_means_a_fast_clock_or_a_late_first_arrival():
    clock = make_clock()
    note(clock, 4, late_seconds=-MAX_DRIFT_SECONDS + 0.01)
    assert not clock.is_off
    note(clock, 6, late_seconds=-MAX_DRIFT_SECONDS - 0.01)
    assert clock.is_off
