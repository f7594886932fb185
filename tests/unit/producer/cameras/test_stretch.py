"""A stretch counts from its own beginning, and ends after an hour or when its clock is off."""

from datetime import timedelta

from producer.cameras.stretch import CameraStretch, place
from tests.camera_fakes import FIRST_US, FRAMES_PER_FRAGMENT, NOON, make_capture


def written(stretch: CameraStretch, *indices: int) -> CameraStretch:
    for index in indices:
        stretch.note_written(make_capture(index))
    return stretch


def test_stretch_that_begins_later_than_its_source_counts_from_zero():
    stretch = CameraStretch(make_capture(7))
    assert stretch.own_span(make_capture(7).span).first_frame_index == 0
    assert stretch.own_span(make_capture(7).span).previous_pts_us is None
    written(stretch, 7)
    second = stretch.own_span(make_capture(8).span)
    assert (second.chunk_index, second.first_frame_index) == (1, FRAMES_PER_FRAGMENT)
    assert second.previous_pts_us == make_capture(8).span.previous_pts_us
    assert second.start_us == make_capture(8).span.start_us


def test_first_and_last_picture_have_wall_clocks():
    stretch = written(CameraStretch(make_capture(0)), 0, 1)
    assert stretch.first_picture_at == NOON
    assert stretch.last_picture_at == NOON + timedelta(seconds=4)


def test_hour_that_is_over_begins_a_new_stretch_without_a_break():
    stretch = written(CameraStretch(make_capture(0)), *range(1800))
    assert place(written(CameraStretch(make_capture(0)), 0), make_capture(1799)).ended is None
    succession = place(stretch, make_capture(1800))
    assert succession.ended is stretch
    assert succession.reason is not None
    assert "an hour" in succession.reason
    assert succession.stretch.first_picture_at == stretch.last_picture_at


def test_clock_that_is_off_begins_a_new_stretch_with_a_new_clock():
    stretch = written(CameraStretch(make_capture(0, late_seconds=3)), 0)
    stretch.note_written(make_capture(1))
    succession = place(stretch, make_capture(2))
    assert succession.ended is stretch
    assert succession.stretch.clock.wall_clock(FIRST_US) == NOON


def test_what_comes_after_a_loss_is_a_new_stretch_that_ends_no_other():
    succession = place(None, make_capture(0))
    assert (succession.ended, succession.stretch.is_new) == (None, True)
