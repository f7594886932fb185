"""Ticks become microseconds exactly."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from video.times import ordinal_to_us, ticks_to_us, us_to_ticks

time_bases = st.builds(Fraction, st.integers(1, 1001), st.integers(1, 1_200_000))
ticks = st.integers(-(2**40), 2**40)


@given(ticks, time_bases)
def test_ticks_are_rounded_as_the_exact_fraction_is(tick: int, time_base: Fraction) -> None:
    assert ticks_to_us(tick, time_base) == round(tick * time_base * 1_000_000)


@given(ticks, time_bases)
def test_a_seek_target_never_lies_before_the_tick_that_it_came_from(tick: int, time_base: Fraction) -> None:
    assert us_to_ticks(ticks_to_us(tick, time_base), time_base) >= tick


def test_an_estimated_time_does_not_drift_over_a_day_of_frames() -> None:
    assert ordinal_to_us(24 * 3600 * 30_000, Fraction(30_000, 1001)) == 24 * 3600 * 1001 * 1_000_000


def test_exact_halves_of_a_microsecond_are_rounded_to_even() -> None:
    assert [ticks_to_us(tick, Fraction(1, 2_000_000)) for tick in (1, 3, 5, -1)] == [0, 2, 2, 0]
