"""Waits grow from 1 to 30 seconds, are drawn from the whole range, and begin anew after a healthy time."""

import random

from producer.cameras.reconnecting import HEALTHY_AFTER_SECONDS, Backoff


def longest(_least: float, ceiling: float) -> float:
    return ceiling


def test_ceilings_double_from_1_to_30_seconds():
    backoff = Backoff(longest)
    assert [backoff.next_wait_seconds(healthy_seconds=0) for _ in range(7)] == [1, 2, 4, 8, 16, 30, 30]


def test_waits_are_drawn_from_the_whole_range():
    chance = random.Random(7)
    backoff = Backoff(chance.uniform)
    waits = [backoff.next_wait_seconds(healthy_seconds=0) for _ in range(500)][5:]
    assert min(waits) < 1
    assert max(waits) > 29
    assert max(waits) <= 30


def test_healthy_time_begins_anew_and_a_short_one_does_not():
    backoff = Backoff(longest)
    for _ in range(4):
        backoff.next_wait_seconds(healthy_seconds=0)
    assert backoff.next_wait_seconds(healthy_seconds=HEALTHY_AFTER_SECONDS - 1) == 16
    assert backoff.next_wait_seconds(healthy_seconds=HEALTHY_AFTER_SECONDS) == 1
