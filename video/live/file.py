"""Plays a recording as if it were live: fragments cut as for any job, each when its time has come. Knows no network."""

import time
from collections.abc import Generator
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

from core.media import ChunkSpan, CutPoint, MediaInfo
from video.fragments.fragment import cut_fragment
from video.limits import MediaLimits
from video.live.live_fragment import LiveFragment
from video.probing.probe import probe
from video.times import MICROSECONDS_PER_SECOND


def play_file(path: Path, *, target_seconds: float, limits: MediaLimits) -> Generator[LiveFragment]:
    """Yield a file's fragments of about so many seconds, none before its last frame would have been taken."""
    info = probe(path, limits=limits)
    started_at = time.monotonic()
    for index, (start, end) in enumerate(pairwise(_choose_cuts(info, target_seconds))):
        span = ChunkSpan(
            chunk_index=index,
            start_us=start.pts_us,
            end_us=end.pts_us,
            first_frame_index=start.frame_index,
            previous_pts_us=start.previous_pts_us,
        )
        content = cut_fragment(path, info, span, limits=limits)
        due_at = started_at + (end.pts_us - info.start_us) / MICROSECONDS_PER_SECOND
        time.sleep(max(0.0, due_at - time.monotonic()))
        yield LiveFragment(
            content=content,
            span=span,
            num_frames=end.frame_index - start.frame_index,
            codec_name=info.codec_name,
            width_px=info.width_px,
            height_px=info.height_px,
            completed_at=datetime.now(UTC),
        )


def _choose_cuts(info: MediaInfo, target_seconds: float) -> list[CutPoint]:
    """Return where fragments begin, and behind them the end of the media."""
    cuts = [info.cut_points[0]]
    for cut in info.cut_points[1:]:
        if cut.pts_us - cuts[-1].pts_us >= target_seconds * MICROSECONDS_PER_SECOND:
            cuts.append(cut)
    end = CutPoint(pts_us=info.end_us + 1, frame_index=info.num_packets, previous_pts_us=info.end_us)
    return [*cuts, end]
