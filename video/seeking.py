"""Enters a file where a span begins, near enough before it that the span's first frame comes out whole.

Knows files, seeks and leads; what comes out of the packets is moments.py's.
"""

from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from core.media import MediaInfo
from video.limits import MediaLimits
from video.moments import CodedVideo, Moment, count_moments, order_moments
from video.opening import OpenedVideo, open_video
from video.packets import PacketReader, VideoPacket, from_key_frame
from video.sniffing import printable
from video.times import us_to_ticks

#: How far before a span decoding starts, microseconds, until its first frame comes out whole. A key frame is enough for
#: most files; a transport stream lands behind it, and streams that refresh their picture bit by bit need a lead.
_LEADS_US = (0, 2_000_000, 10_000_000)


@dataclass(frozen=True, kw_only=True)
class SpanStart:
    """Where decoding a span had to start, and what comes out from the span's first frame on."""

    seek_us: int | None  # decode from the key frame at or before this time; None: from the file's first packet
    moments: Generator[Moment]


@contextmanager
def enter_file(path: Path, *, seek_us: int | None, limits: MediaLimits) -> Iterator[CodedVideo]:
    """Open a file and go to the key frame at or before `seek_us`; None: to the first packet, key frame or not."""
    with open_video(path, limits=limits) as video:
        yield CodedVideo(
            name=printable(path),
            decoder=video.stream.codec_context,
            codec_name=video.codec_name,
            time_base=video.time_base,
            rate=video.rate,
            packets=_packets_from(video, seek_us),
        )


def start_span(path: Path, info: MediaInfo, start_us: int, *, limits: MediaLimits) -> SpanStart:
    """Start with as small a lead as makes the frame at `start_us` come out whole; if none does, at the file's start."""
    if info.timestamps_estimated:
        return SpanStart(seek_us=None, moments=drop_before(start_us, _count_file(path, limits=limits)))
    leads_us = [lead for lead in _LEADS_US if start_us - lead > info.start_us]
    for seek_us in [start_us - lead for lead in leads_us]:
        moments = drop_before(start_us, _order_file(path, seek_us=seek_us, limits=limits))
        first = next(moments, None)
        if first is not None and first.pts_us == start_us and first.picture is not None:
            return SpanStart(seek_us=seek_us, moments=_resume(first, moments))
    return SpanStart(seek_us=None, moments=drop_before(start_us, _order_file(path, seek_us=None, limits=limits)))


def drop_before(start_us: int, moments: Iterator[Moment]) -> Generator[Moment]:
    """Leave out the moments before a span."""
    for moment in moments:
        if moment.pts_us >= start_us:
            yield moment


def _packets_from(video: OpenedVideo, seek_us: int | None) -> Iterable[VideoPacket]:
    reader = PacketReader(video)
    if seek_us is None:
        return reader
    try:
        video.container.seek(us_to_ticks(seek_us, video.time_base), stream=video.stream)
    except Exception:  # noqa: BLE001  no seek in this file: who asked for it starts again, from the first packet
        return ()
    return from_key_frame(iter(reader))


def _order_file(path: Path, *, seek_us: int | None, limits: MediaLimits) -> Generator[Moment]:
    with enter_file(path, seek_us=seek_us, limits=limits) as video:
        yield from order_moments(video)


def _count_file(path: Path, *, limits: MediaLimits) -> Generator[Moment]:
    with enter_file(path, seek_us=None, limits=limits) as video:
        yield from count_moments(video)


def _resume(first: Moment, rest: Generator[Moment]) -> Generator[Moment]:
    yield first
    del first  # a decoder reuses pictures that nobody holds, and what a damaged packet leaves undrawn shows the old one
    yield from rest
