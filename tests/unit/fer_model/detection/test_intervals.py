"""Which frames are key frames depends on the frames alone: their number, times, sizes and cuts."""

import numpy as np
import pytest

from core.frames import Frame
from fer_model.detection import intervals as module
from fer_model.detection.intervals import MAX_FRAMES, groups, intervals


def make_frames(num: int, *, fps: float = 100.0, grey: int = 100, first: int = 0, size=(48, 64)) -> list[Frame]:
    return [
        Frame(frame_index=i, pts_us=round(i * 1e6 / fps), image=np.full((*size, 3), grey, np.uint8))
        for i in range(first, first + num)
    ]


def lengths(frames) -> list[tuple[int, bool]]:
    return [(len(interval.frames), interval.begins_shot) for interval in intervals(frames)]


def test_the_first_frame_is_a_key_frame_and_then_every_so_many():
    assert lengths(make_frames(2 * MAX_FRAMES + 4)) == [(1, True), (MAX_FRAMES, False), (MAX_FRAMES, False), (3, False)]


@pytest.mark.parametrize(("fps", "length"), [(25, 20), (5, 4), (2, 2), (1, 1)])
def test_slow_frames_have_their_key_frames_more_often(fps, length):
    assert lengths(make_frames(1 + 2 * length, fps=fps)) == [(1, True), (length, False), (length, False)]


def test_a_cut_ends_an_interval_before_it_and_begins_anew():
    frames = [*make_frames(4), *make_frames(3, first=4, grey=200)]
    assert lengths(frames) == [(1, True), (3, False), (1, True), (2, False)]


def test_an_undecodable_frame_stands_alone():
    frames = make_frames(5)
    frames[2] = Frame(frame_index=2, pts_us=frames[2].pts_us, image=None)
    assert lengths(frames) == [(1, True), (1, False), (1, True), (1, True), (1, False)]


def test_large_frames_are_held_in_smaller_numbers(monkeypatch):
    monkeypatch.setattr(module, "MAX_PIXELS", 4 * 48 * 64)
    assert lengths(make_frames(9)) == [(1, True), (4, False), (4, False)]


def test_every_frame_is_in_one_interval_in_order():
    frames = [*make_frames(30), *make_frames(20, first=30, grey=200)]
    given = [frame.frame_index for interval in intervals(iter(frames)) for frame in interval.frames]
    assert given == list(range(50))


def test_no_frames_have_no_intervals():
    assert lengths([]) == []


def test_intervals_are_grouped_by_number_and_by_pixels(monkeypatch):
    some = list(intervals(make_frames(1 + 9 * MAX_FRAMES)))
    assert [len(group) for group in groups(some)] == [module.MAX_GROUP_INTERVALS, 2]
    monkeypatch.setattr(module, "MAX_PIXELS", 2 * MAX_FRAMES * 48 * 64)
    assert [len(group) for group in groups(some)] == [2, 2, 2, 2, 2]
    assert [interval for group in groups(some) for interval in group] == some
