"""Opens a live video and yields its packets as they come, or says why it was lost. Groups nothing, keeps nothing.

Knows addresses, time-outs and the ways in which a source fails; whoever reads on decides whether to try again.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Final, cast

import av
from av.container import InputContainer
from av.stream import Discard
from av.video.stream import VideoStream

from core.errors import MoodlineError
from video.limits import MediaLimits
from video.live.address import LiveAddress, LiveKind
from video.live.encoding import encode_live
from video.moments import CodedVideo
from video.opening import choose_stream, header_rate, reason_of
from video.packets import VideoPacket

_FORMATS: Final = {LiveKind.RTSP: "rtsp", LiveKind.TCP: "mpegts", LiveKind.DEVICE: "v4l2"}

#: The only protocols that may be used, and how long a look for the first key frame may take, microseconds of video.
_OPTIONS: Final = {
    LiveKind.RTSP: {
        "protocol_whitelist": "rtsp,rtp,tcp",
        "rtsp_transport": "tcp",  # what UDP loses is lost for ever, and a lost key frame costs a whole group
        "allowed_media_types": "video",
        "analyzeduration": "5000000",
    },
    LiveKind.TCP: {"protocol_whitelist": "tcp", "analyzeduration": "5000000"},
    LiveKind.DEVICE: {"protocol_whitelist": "file"},
}


class LiveFault(StrEnum):
    """Why a live video was lost."""

    UNREACHABLE = "UNREACHABLE"  # it could not be opened
    STALLED = "STALLED"  # nothing came for longer than the time-out
    ENDED = "ENDED"  # the sender closed, or the connection broke
    UNUSABLE = "UNUSABLE"  # no key frames, or no times
    CLOCK_JUMPED = "CLOCK_JUMPED"  # its times went back, or far ahead: what follows is another recording


class SourceLost(MoodlineError):
    """A live video cannot be read on. It may come back: whoever reads it decides when to try again."""

    def __init__(self, fault: LiveFault, message: str) -> None:
        super().__init__(message)
        self.fault = fault


@dataclass(frozen=True, kw_only=True)
class LiveTiming:
    """How long a live video may keep one waiting."""

    open_timeout_seconds: float = 5.0  # for the connection, and again for the first packets
    read_timeout_seconds: float = 8.0  # for the next packet of the video; its sound does not count

    def __post_init__(self) -> None:
        if min(self.open_timeout_seconds, self.read_timeout_seconds) <= 0:
            raise ValueError(f"time-outs must be above 0: {self}")


@contextmanager
def open_live(address: LiveAddress, timing: LiveTiming, *, limits: MediaLimits) -> Iterator[CodedVideo]:
    """Open a camera or a stream. Raises SourceLost, also while packets are read; InputError if it is of no use."""
    with _connect(address, timing, limits) as container:
        raw = _raw_stream(container) if address.kind == LiveKind.DEVICE else None
        if raw is not None:
            yield encode_live(raw, _incoming(container, raw, address, timing), name=address.name)
            return
        _refuse_unless_seen(container, address)
        stream = choose_stream(container, name=address.name, limits=limits)
        yield CodedVideo(
            name=address.name,
            decoder=stream.codec_context,
            codec_name=stream.codec_context.codec.canonical_name,
            time_base=cast(Fraction, stream.time_base),  # choose_stream has seen to it
            rate=header_rate(stream),
            packets=_incoming(container, stream, address, timing),
        )


def _connect(address: LiveAddress, timing: LiveTiming, limits: MediaLimits) -> InputContainer:
    try:
        return av.open(
            address.location,
            "r",
            format=_FORMATS[address.kind],
            options={"max_pixels": str(limits.max_pixels)},
            container_options=_OPTIONS[address.kind],
            timeout=(timing.open_timeout_seconds, timing.read_timeout_seconds),
            metadata_errors="replace",
        )
    except av.error.ExitError:
        reason = f"no video within {timing.open_timeout_seconds:g} s"
    except Exception as err:  # noqa: BLE001  every way in which opening fails is the same to the caller
        reason = _safe_reason(err, address)
    # Not `from err`: FFmpeg's error holds the address with its credentials, and a log would show it.
    raise SourceLost(LiveFault.UNREACHABLE, f"{address.name} cannot be opened ({reason})")


def _raw_stream(container: InputContainer) -> VideoStream | None:
    streams = (stream for stream in container.streams.video if stream.codec_context is not None)
    return next((stream for stream in streams if stream.codec_context.name == "rawvideo"), None)


def _refuse_unless_seen(container: InputContainer, address: LiveAddress) -> None:
    """Raise SourceLost where what came so far says too little: another attempt may meet a key frame in time."""
    if not container.streams:
        raise SourceLost(LiveFault.UNUSABLE, f"{address.name}: nothing came that is a video stream")
    decoders = [stream.codec_context for stream in container.streams.video if stream.codec_context is not None]
    if decoders and not any(decoder.width for decoder in decoders):
        message = f"{address.name}: no key frame came in time; set the camera to one every two seconds"
        raise SourceLost(LiveFault.UNUSABLE, message)


def _incoming(
    container: InputContainer, stream: VideoStream, address: LiveAddress, timing: LiveTiming
) -> Iterator[VideoPacket]:
    """Yield a stream's packets until it is lost; the end of a live video is a loss too."""
    for other in container.streams:
        if other.index != stream.index:
            other.discard = Discard.all  # sound that goes on must not hide that the picture stands still
    fault, reason = LiveFault.ENDED, "the sender ended it"
    try:
        for packet in container.demux(stream):
            if packet.size:
                yield packet
    except av.error.ExitError:
        fault, reason = LiveFault.STALLED, f"nothing came for {timing.read_timeout_seconds:g} s"
    except Exception as err:  # noqa: BLE001  whatever breaks the connection ends it
        reason = _safe_reason(err, address)
    raise SourceLost(fault, f"{address.name} was lost: {reason}")


def _safe_reason(err: Exception, address: LiveAddress) -> str:
    return reason_of(err).replace(address.location, address.name)
