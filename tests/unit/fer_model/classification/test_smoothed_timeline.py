from core.timeline import bin_observations
from fer_model.classification.smoothed_timeline import smooth_timeline
from fer_model.classification.smoothing import Smoothing
from tests.factories import make_face_observation, make_frame_observation, make_timeline


def make_frames(emotions, *, step_seconds=0.04):
    return [
        make_frame_observation(
            i * step_seconds, frame_index=i, faces=(make_face_observation(emotion, abstained=emotion == "fear"),)
        )
        for i, emotion in enumerate(emotions)
    ]


def smoothed(frames, *, bin_us=200_000):
    raw = make_timeline(bin_us=bin_us, points=bin_observations(frames, bin_us=bin_us))
    return raw, smooth_timeline(raw, frames, Smoothing())


def test_a_flicker_is_gone_and_the_result_is_marked():
    frames = make_frames(["happy"] * 20 + ["sad"] * 3 + ["happy"] * 20)
    raw, result = smoothed(frames, bin_us=100_000)
    assert "sad" in {point.top for point in raw.points}
    assert {point.top for point in result.points} == {"happy"}
    assert result.smoothed
    assert not raw.smoothed


def test_coverage_stays_what_it_was():
    raw, result = smoothed(make_frames(["happy", "fear", "happy", "sad", "fear"] * 5))
    for before, after in zip(raw.points, result.points, strict=True):
        assert (before.num_frames, before.num_faces, before.num_rejected_frames) == (
            after.num_frames,
            after.num_faces,
            after.num_rejected_frames,
        )


def test_readings_that_abstain_are_not_smoothed_in():
    _, result = smoothed(make_frames(["happy", "fear"] * 20))
    assert {point.top for point in result.points} == {"happy"}


def test_the_whole_media_is_smoothed_into_one_point():
    _, result = smoothed(make_frames(["happy"] * 30 + ["sad"] * 5), bin_us=None)
    assert [point.top for point in result.points] == ["happy"]


def test_bins_without_a_face_stay_gaps():
    frames = [*make_frames(["happy"] * 3), make_frame_observation(2.0, frame_index=9, status="no_face", faces=())]
    _, result = smoothed(frames)
    assert result.points[-1].top is None
    assert result.points[-1].probs is None
