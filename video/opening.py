"""Opens a file as video: the one place that does, and so the one place that says what may be opened and how.

Knows containers, streams and limits; reads no packets and decodes nothing.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import cast

import av
from av.container import InputContainer
from av.stream import Disposition
from av.video.stream import VideoStream

from core.errors import InputError
from video.limits import CODECS, CONTAINERS, MediaLimits
from video.sniffing import explain_unreadable, printable, refuse_unless_video_like

_NOT_MOVING = Disposition.attached_pic | Disposition.timed_thumbnails
_DEFAULT_RATE = Fraction(25)  # FFmpeg's own guess for raw streams without timing information

#: libdav1d decodes what is called av1 everywhere else.
_DECODERS = (*CODECS, "libdav1d")


@dataclass(frozen=True, kw_only=True)
class OpenedVideo:
    """A container and the one stream of it that is analysed, with its decoder set up but not yet opened."""

    path: Path
    container: InputContainer
    stream: VideoStream
    codec_name: str  # "h264": the format, never the decoder's name
    time_base: Fraction  # seconds per tick of the stream
    rate: Fraction  # frames per second by the header: only for streams that carry no times

    @property
    def has_no_times(self) -> bool:
        """Say whether the container by its nature says nothing of when frames are shown."""
        # AVI counts chunks in decoding order: with B frames, FFmpeg's times for it belong to other frames.
        name = self.container.format.name
        return name in ("h264", "hevc") or (name == "avi" and bool(self.stream.codec_context.has_b_frames))


@contextmanager
def open_video(path: Path, *, limits: MediaLimits) -> Iterator[OpenedVideo]:
    """Open the best video stream of a file, or raise InputError with one line that says what was found instead."""
    refuse_unless_video_like(path)
    options = {
        "format_whitelist": ",".join(CONTAINERS),
        "codec_whitelist": ",".join(_DECODERS),
        "protocol_whitelist": "file",
    }
    try:
        # "file:" keeps a name such as "concat:a|b" or "http:x" a name. Container options reach nested opens too.
        container = av.open(
            f"file:{path.absolute()}",
            "r",
            options={"max_pixels": str(limits.max_pixels)},  # bounds what FFmpeg decodes while it looks for streams
            container_options=options,
            metadata_errors="replace",
        )
    except Exception as err:  # mutated files raise far outside av.FFmpegError: UnicodeDecodeError, IndexError
        raise explain_unreadable(path, reason_of(err)) from err
    with container:
        try:
            video = _set_up(path, container, limits)
        except InputError:
            raise
        except Exception as err:  # a stream without a codec context raises AttributeError
            raise explain_unreadable(path, reason_of(err)) from err
        yield video


def reason_of(err: Exception) -> str:
    """Return FFmpeg's words for an error, on one line and without the path that it puts into them."""
    words = getattr(err, "strerror", None) or str(err) or type(err).__name__
    return str(words).splitlines()[0]


def choose_stream(container: InputContainer, *, name: str, limits: MediaLimits) -> VideoStream:
    """Return the stream that is analysed, its decoder set up; raise InputError if there is none within the limits."""
    stream = _best_stream(container, name)
    context = stream.codec_context
    if context.width <= 0 or context.height <= 0 or not stream.time_base:
        raise InputError(f"{name} has a video stream without a picture size; it is damaged, copy it again")
    if context.width * context.height > limits.max_pixels:
        raise InputError(
            f"{name} has pictures of {context.width}x{context.height}; "
            f"at most {limits.max_pixels:,} pixels are allowed: make it smaller"
        )
    # One thread: the same pictures everywhere, and the cores are for other chunks. av.open's max_pixels does not
    # reach this decoder; here it also holds for pictures that grow in mid-stream.
    context.thread_count = 1
    context.options = {"max_pixels": str(limits.max_pixels)}
    return stream


def header_rate(stream: VideoStream) -> Fraction:
    """Return the frames per second that a stream's header claims, or what is usual where it claims nothing."""
    return stream.guessed_rate or stream.average_rate or _DEFAULT_RATE


def _set_up(path: Path, container: InputContainer, limits: MediaLimits) -> OpenedVideo:
    stream = choose_stream(container, name=printable(path), limits=limits)
    return OpenedVideo(
        path=path,
        container=container,
        stream=stream,
        codec_name=stream.codec_context.codec.canonical_name,
        time_base=cast(Fraction, stream.time_base),  # choose_stream has seen to it
        rate=header_rate(stream),
    )


def _best_stream(container: InputContainer, name: str) -> VideoStream:
    """Return the stream with the largest pictures, the first of them if there are several."""
    moving = [stream for stream in container.streams.video if not stream.disposition & _NOT_MOVING]
    if not moving:
        raise InputError(f"{name} has no picture ({_streams_in_words(container)}); give a file with video")
    readable = [s for s in moving if s.codec_context is not None and s.codec_context.codec.canonical_name in CODECS]
    if not readable:
        found = ", ".join(s.codec_context.name if s.codec_context is not None else "unknown" for s in moving)
        raise InputError(
            f"{name} holds video in a codec that is not read here ({found}); convert it to one of "
            f"{', '.join(CODECS)}: ffmpeg -i IN -c:v libx264 OUT.mp4"
        )
    return max(readable, key=lambda s: (s.codec_context.width * s.codec_context.height, -s.index))


def _streams_in_words(container: InputContainer) -> str:
    kinds = sorted({stream.type for stream in container.streams})
    return f"it holds only {', '.join(kinds)}" if kinds else "it holds no streams"
