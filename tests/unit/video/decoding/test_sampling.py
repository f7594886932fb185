"""Sampling chooses frames by time, the same wherever the media is cut."""

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from video.decoding.sampling import TickClock

rising_times = st.lists(st.integers(-5_000_000, 20_000_000), min_size=1, max_size=60, unique=True).map(sorted)
rates = st.one_of(st.sampled_from([0.1, 0.3, 1.0, 5.0, 23.976, 25.0, 29.97, 1000.0]), st.floats(0.01, 1000))


def sampled(times_us: list[int], *, rate_hz: float | None, previous_us: int | None = None, start_us: int) -> list[int]:
    clock = TickClock(start_us=start_us, rate_hz=rate_hz)
    previous = [previous_us, *times_us]
    return [t for q, t in zip(previous, times_us, strict=False) if clock.samples(t, previous_pts_us=q)]


@given(rising_times, rates, st.data())
def test_cutting_a_media_anywhere_never_changes_which_frames_are_sampled(
    times_us: list[int], rate_hz: float, data: st.DataObject
) -> None:
    cut = data.draw(st.integers(0, len(times_us)))
    start_us = times_us[0]
    before = sampled(times_us[:cut], rate_hz=rate_hz, start_us=start_us)
    previous_us = times_us[cut - 1] if cut else None
    after = sampled(times_us[cut:], rate_hz=rate_hz, previous_us=previous_us, start_us=start_us)
    assert before + after == sampled(times_us, rate_hz=rate_hz, start_us=start_us)


@given(rising_times, rates)
def test_a_frame_is_sampled_exactly_when_a_tick_fell_since_the_frame_before(
    times_us: list[int], rate_hz: float
) -> None:
    start_us = times_us[0]
    period_us = 1_000_000 / Fraction(repr(rate_hz))
    expected = [start_us]
    for q, p in pairwise(times_us):
        next_tick = ((q - start_us) // period_us + 1) * period_us  # the first tick after q, from the start
        if next_tick <= p - start_us:
            expected.append(p)
    assert sampled(times_us, rate_hz=rate_hz, start_us=start_us) == expected


@given(rising_times)
def test_without_a_rate_every_frame_is_sampled(times_us: list[int]) -> None:
    assert sampled(times_us, rate_hz=None, start_us=times_us[0]) == times_us


def test_five_frames_a_second_are_every_fifth_of_twenty_five() -> None:
    times_us = [40_000 * n for n in range(26)]
    assert sampled(times_us, rate_hz=5, start_us=0) == [0, 200_000, 400_000, 600_000, 800_000, 1_000_000]


def test_a_rate_means_the_decimal_that_was_written_and_not_the_nearest_binary() -> None:
    assert sampled([0, 9_999_999, 10_000_000], rate_hz=0.3, start_us=0) == [0, 9_999_999, 10_000_000]


def test_a_frame_after_a_long_gap_is_sampled_once() -> None:
    assert sampled([0, 3_000_000, 3_010_000], rate_hz=10, start_us=0) == [0, 3_000_000]


@pytest.mark.parametrize("rate_hz", [0.0, -1.0, float("nan")])
def test_a_rate_that_is_not_above_zero_is_refused_with_its_value(rate_hz: float) -> None:
    with pytest.raises(ValueError, match=str(rate_hz)):
        TickClock(start_us=0, rate_hz=rate_hz)
