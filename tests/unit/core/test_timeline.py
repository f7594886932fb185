"""Binning of frames into a timeline: where bins start, what they count, and that gaps stay gaps."""

import pytest

from core.errors import InputError
from core.frames import FrameStatus
from core.timeline import MAX_NUM_POINTS, bin_observations, bin_start_us
from tests.factories import make_face_observation, make_frame_observation, make_probs, make_reading

TENTH_US = 100_000


def test_frame_at_exactly_a_bin_edge_opens_that_bin():
    (point,) = bin_observations([make_frame_observation(pts_seconds=0.3)], bin_us=TENTH_US)
    assert point.start_us == 300_000
    assert point.start_seconds == 0.3


@pytest.mark.parametrize(("pts_us", "start_us"), [(-1, -100_000), (-100_000, -100_000), (-100_001, -200_000), (0, 0)])
def test_negative_times_fall_into_the_bin_below(pts_us: int, start_us: int):
    assert bin_start_us(pts_us, TENTH_US) == start_us
    (point,) = bin_observations([make_frame_observation(pts_us=pts_us)], bin_us=TENTH_US)
    assert point.start_us == start_us


def test_bin_without_a_sampled_frame_is_a_point_without_probabilities():
    frames = [make_frame_observation(pts_seconds=0.0), make_frame_observation(pts_seconds=0.25)]
    first, gap, last = bin_observations(frames, bin_us=TENTH_US)
    assert (first.num_frames, gap.num_frames, last.num_frames) == (1, 0, 1)
    assert gap.start_us == 100_000
    assert gap.probs is None
    assert gap.top is None


def test_probabilities_are_the_mean_over_the_faces_of_all_frames_of_the_bin():
    frames = [
        make_frame_observation(pts_seconds=0.0, faces=[make_face_observation("happy"), make_face_observation("sad")]),
        make_frame_observation(pts_seconds=0.04, faces=[make_face_observation("happy")]),
    ]
    (point,) = bin_observations(frames, bin_us=TENTH_US)
    happy, sad = make_probs("happy"), make_probs("sad")
    assert point.probs == pytest.approx([(2 * h + s) / 3 for h, s in zip(happy, sad, strict=True)], abs=1e-12)
    assert point.top == "happy"
    assert (point.num_frames, point.num_face_frames, point.num_faces) == (2, 2, 3)


def test_abstained_reading_is_not_counted_in_the_mean():
    unsure = make_face_observation(reading=make_reading("angry", abstained=True))
    (point,) = bin_observations(
        [make_frame_observation(faces=[make_face_observation("happy"), unsure])], bin_us=TENTH_US
    )
    assert point.probs == pytest.approx(make_probs("happy"))
    assert (point.num_faces, point.num_rejected_frames) == (1, 0)


def test_frame_in_which_every_reading_abstained_is_rejected():
    (point,) = bin_observations(
        [make_frame_observation(faces=[make_face_observation(abstained=True)])], bin_us=TENTH_US
    )
    assert (point.num_frames, point.num_face_frames, point.num_rejected_frames, point.num_faces) == (1, 1, 1, 0)
    assert point.probs is None


def test_frames_without_faces_and_undecodable_frames_are_counted_apart():
    frames = [
        make_frame_observation(pts_seconds=0.0, status=FrameStatus.NO_FACE),
        make_frame_observation(pts_seconds=0.04, status=FrameStatus.UNDECODABLE),
    ]
    (point,) = bin_observations(frames, bin_us=TENTH_US)
    assert (point.num_frames, point.num_face_frames, point.num_undecodable_frames) == (2, 0, 1)


def test_whole_media_is_one_bin_from_its_first_frame():
    frames = [make_frame_observation(pts_seconds=seconds) for seconds in (3.0, -0.5, 7200.0)]
    (point,) = bin_observations(frames, bin_us=None)
    assert (point.start_us, point.num_frames) == (-500_000, 3)


@pytest.mark.parametrize("bin_us", [None, TENTH_US])
def test_no_frames_make_no_points(bin_us: int | None):
    assert bin_observations([], bin_us=bin_us) == ()


@pytest.mark.parametrize("bin_us", [0, -100_000, 999])
def test_bin_below_a_millisecond_is_refused(bin_us: int):
    with pytest.raises(InputError, match=r"at least 0\.001 seconds"):
        bin_observations([make_frame_observation()], bin_us=bin_us)


def test_too_many_points_are_refused_before_they_are_made():
    frames = [make_frame_observation(pts_us=0), make_frame_observation(pts_us=MAX_NUM_POINTS * TENTH_US)]
    with pytest.raises(InputError, match="choose a wider bin"):
        bin_observations(frames, bin_us=TENTH_US)
    assert len(bin_observations(frames, bin_us=1_000 * TENTH_US)) == MAX_NUM_POINTS // 1_000 + 1
