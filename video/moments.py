"""Decodes a video's packets into moments: every frame at its time, with its picture or why there is none.

Knows packets and pictures, wherever they come from; knows nothing of files, spans, sampling or colour.
"""

from collections import deque
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from av.video.codeccontext import VideoCodecContext
from av.video.frame import VideoFrame

from core.errors import InputError
from video.opening import reason_of
from video.packets import DISCARD_MARK, VideoPacket, is_shown, pts_us_of
from video.reordering import LostFrame, PresentationOrder
from video.times import ordinal_to_us, ticks_to_us


@dataclass(frozen=True, kw_only=True)
class CodedVideo:
    """What a decoder is fed: the packets of a file from some key frame on, or those of a fragment."""

    name: str  # printable: what a message calls it
    decoder: VideoCodecContext  # set up, not yet opened
    codec_name: str  # "h264": the format, never the decoder's name
    time_base: Fraction  # seconds per tick of the packets' times
    rate: Fraction  # frames per second by the header: only for streams that carry no times
    packets: Iterable[VideoPacket]  # in decoding order


@dataclass(frozen=True, kw_only=True, slots=True)
class Moment:
    """One frame of a media, in presentation order, before anything was made of it."""

    pts_us: int  # presentation time
    picture: VideoFrame | None  # None: it could not be decoded
    reason: str | None = None  # why there is no picture, one line


@dataclass(frozen=True, kw_only=True, slots=True)
class _Step:
    """One packet's passage through the decoder."""

    packet: "VideoPacket | None"  # None: the flush after the last packet
    pictures: list[VideoFrame]  # what came out, of this packet or of earlier ones
    rejection: str | None = None  # why the decoder refused the packet


def order_moments(video: CodedVideo) -> Generator[Moment]:
    """Yield moments in rising order of the packets' own times."""
    order = PresentationOrder()
    for step in _decode_all(video):
        _note_owed(step, video, order)
        for picture in step.pictures:
            if picture.pts is None:  # the second field of a frame
                continue
            picture_us = ticks_to_us(picture.pts, video.time_base)
            lost, is_owed = order.give(picture_us)
            yield from map(_lost_moment, lost)
            if is_owed:
                yield _moment_of(picture, pts_us=picture_us)
    yield from map(_lost_moment, order.finish())


def count_moments(video: CodedVideo) -> Generator[Moment]:
    """Yield the moments of a stream that carries no times: counted from its first frame, at its header's rate."""
    for ordinal, outcome in enumerate(_in_counted_order(video)):
        pts_us = ordinal_to_us(ordinal, video.rate)
        if isinstance(outcome, str):
            yield Moment(pts_us=pts_us, picture=None, reason=outcome)
        else:
            yield _moment_of(outcome, pts_us=pts_us)


def _in_counted_order(video: CodedVideo) -> Iterator[VideoFrame | str]:
    """Yield pictures, and the reason of each rejected packet once the pictures fed before it have come out."""
    num_fed = num_given = 0
    waiting: deque[tuple[int, str]] = deque()  # how many pictures come before it, the reason
    for step in _decode_all(video):
        if step.rejection is not None:
            waiting.append((num_fed, step.rejection))
        else:
            num_fed += 1
        for picture in step.pictures:
            while waiting and waiting[0][0] <= num_given:
                yield waiting.popleft()[1]
            yield picture
            num_given += 1
    yield from (reason for _, reason in waiting)


def _note_owed(step: _Step, video: CodedVideo, order: PresentationOrder) -> None:
    if step.packet is None or not is_shown(step.packet, codec_name=video.codec_name):
        return
    pts_us = pts_us_of(step.packet)
    if pts_us is not None:
        order.owe(pts_us)
        if step.rejection is not None:
            order.reject(pts_us, reason=step.rejection)


def _decode_all(video: CodedVideo) -> Iterator[_Step]:
    decoder = video.decoder
    try:
        decoder.open(strict=False)
    except Exception as err:
        raise InputError(f"{video.name} cannot be decoded ({reason_of(err)}); convert it to MP4") from err
    for packet in video.packets:
        try:
            step = _Step(packet=packet, pictures=_to_be_shown(decoder.decode(packet)))
        except Exception as err:  # noqa: BLE001  damage in one packet is recorded at its time, and decoding goes on
            step = _Step(packet=packet, pictures=[], rejection=reason_of(err))
        yield step
    try:
        last = _to_be_shown(decoder.decode(None))
    except Exception:  # noqa: BLE001  what the decoder still owes is then reported as lost
        return
    yield _Step(packet=None, pictures=last)


def _to_be_shown(pictures: list[VideoFrame]) -> list[VideoFrame]:
    return [picture for picture in pictures if picture.opaque != DISCARD_MARK]


def _moment_of(picture: VideoFrame, *, pts_us: int) -> Moment:
    if picture.is_corrupt:
        return Moment(pts_us=pts_us, picture=None, reason="the decoder marked the picture as damaged")
    return Moment(pts_us=pts_us, picture=picture)


def _lost_moment(lost: LostFrame) -> Moment:
    return Moment(pts_us=lost.pts_us, picture=None, reason=lost.reason)
