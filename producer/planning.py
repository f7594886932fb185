"""Cuts a media into chunks: the frame jobs. Pure: the same media and parameters always give the same chunks."""

from typing import Final

from core.media import ChunkSpan, MediaInfo

#: A chunk's start costs a look at the whole picture, and its end a commit: few enough of both.
CHUNK_FRAMES: Final = 600

#: A media that would be one chunk is cut finer: several workers share it, and whoever watches sees its line grow.
SHORT_CHUNK_FRAMES: Final = 120


def plan_chunks(info: MediaInfo, *, target_frames: int | None = None) -> tuple[ChunkSpan, ...]:
    """Cut at the first cut point that makes a chunk hold target_frames or more. Every frame is in exactly one chunk."""
    if target_frames is None:
        is_short = info.cut_points[-1].frame_index < CHUNK_FRAMES
        target_frames = SHORT_CHUNK_FRAMES if is_short else CHUNK_FRAMES
    if target_frames < 1:
        raise ValueError(f"target_frames must be at least 1, got {target_frames}")
    starts = [info.cut_points[0]]
    for cut in info.cut_points[1:]:
        if cut.frame_index - starts[-1].frame_index >= target_frames:
            starts.append(cut)
    ends_us = [*(start.pts_us for start in starts[1:]), info.end_us + 1]
    return tuple(
        ChunkSpan(
            chunk_index=index,
            start_us=start.pts_us,
            end_us=end_us,
            first_frame_index=start.frame_index,
            previous_pts_us=start.previous_pts_us,
        )
        for index, (start, end_us) in enumerate(zip(starts, ends_us, strict=True))
    )
