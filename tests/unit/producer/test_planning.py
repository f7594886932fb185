"""Chunks hold every frame of a media exactly once, and depend on the media alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.media import MediaInfo
from producer.planning import plan_chunks
from video.probing.cutting import find_cut_points


def make_info(times_us: list[int], key_times_us: list[int]) -> MediaInfo:
    return MediaInfo(
        sha256="0" * 64,
        size_bytes=1,
        format_name="mov",
        codec_name="h264",
        width_px=64,
        height_px=48,
        rotation_degrees=0,
        num_packets=len(times_us),
        start_us=times_us[0],
        end_us=times_us[-1],
        timestamps_estimated=False,
        truncated_at_us=None,
        cut_points=find_cut_points(times_us, key_times_us),
    )


@given(
    st.lists(st.integers(-1000, 100_000), min_size=1, max_size=300, unique=True).map(sorted),
    st.integers(1, 40),
    st.data(),
)
def test_every_frame_is_in_exactly_one_chunk_with_its_index(
    times_us: list[int], target_frames: int, data: st.DataObject
) -> None:
    keys = sorted(data.draw(st.sets(st.sampled_from(times_us))))
    spans = plan_chunks(make_info(times_us, keys), target_frames=target_frames)
    for index, pts_us in enumerate(times_us):
        (span,) = [s for s in spans if s.start_us <= pts_us < s.end_us]
        place = times_us[: index + 1].index(pts_us) - times_us.index(span.start_us)
        assert span.first_frame_index + place == index
    assert [span.chunk_index for span in spans] == list(range(len(spans)))


def test_chunks_are_cut_at_the_first_cut_point_with_enough_frames_behind() -> None:
    times_us = [40_000 * n for n in range(100)]
    spans = plan_chunks(make_info(times_us, times_us[::12]), target_frames=30)
    assert [(s.first_frame_index, s.start_us, s.end_us, s.previous_pts_us) for s in spans] == [
        (0, 0, 36 * 40_000, None),
        (36, 36 * 40_000, 72 * 40_000, 35 * 40_000),
        (72, 72 * 40_000, 99 * 40_000 + 1, 71 * 40_000),
    ]


def test_a_media_of_one_frame_is_one_chunk() -> None:
    (span,) = plan_chunks(make_info([7], [7]))
    assert (span.start_us, span.end_us) == (7, 8)


def test_a_target_of_no_frames_is_refused() -> None:
    with pytest.raises(ValueError, match="target_frames must be at least 1, got 0"):
        plan_chunks(make_info([0], [0]), target_frames=0)


def test_a_media_that_would_be_one_chunk_is_cut_finer() -> None:
    times_us = [40_000 * n for n in range(1300)]
    short = make_info(times_us[:600], times_us[:600:50])
    assert [span.first_frame_index for span in plan_chunks(short)] == [0, 150, 300, 450]
    long = make_info(times_us, times_us[::50])
    assert [span.first_frame_index for span in plan_chunks(long)] == [0, 600, 1200]
