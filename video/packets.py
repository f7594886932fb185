"""Reads a video's packets in decoding order and says which of them are frames to be shown. Decodes nothing.

The probe and the decoder both read through here, so that they agree on which frames a media has.
"""

from collections.abc import Iterator
from typing import TypeAlias

from av.packet import Packet
from av.video.stream import VideoStream

from video.opening import OpenedVideo, reason_of
from video.times import ticks_to_us

VideoPacket: TypeAlias = "Packet[VideoStream]"  # quoted: subscriptable in PyAV's stubs only

# RFC 6386 section 9.1: bit 4 of a VP8 frame's first byte is show_frame; alternate references have it clear.
_VP8_SHOW_FRAME = 0x10

#: PyAV reads a packet's discard flag but cannot set it. A packet from a fragment carries this as its `opaque` instead,
#: and the decoder, which would have kept the picture back, hands it on to the picture.
DISCARD_MARK = "discard"


class PacketReader:
    """Yields a stream's packets until they end, as they should or by damage; `ended_early` then says why."""

    def __init__(self, video: OpenedVideo) -> None:
        self._video = video
        self.ended_early: str | None = None

    def __iter__(self) -> Iterator[VideoPacket]:
        size_bytes = self._video.path.stat().st_size
        try:
            for packet in self._video.container.demux(self._video.stream):
                if packet.size == 0:  # the signal to flush the decoder, which its users give themselves
                    continue
                if packet.is_corrupt and packet.pos is not None and packet.pos + packet.size >= size_bytes:
                    self.ended_early = "the file ends within a frame"
                    return
                yield packet
        except Exception as err:  # noqa: BLE001  mutated files raise outside av.FFmpegError; what was read so far is good
            self.ended_early = reason_of(err)


def from_key_frame(packets: Iterator[VideoPacket]) -> Iterator[VideoPacket]:
    """Leave out what comes before the first key frame."""
    # The MPEG-4 decoder gives grey pictures for frames whose references it never saw, without a word.
    for packet in packets:
        if packet.is_keyframe:
            yield packet
            break
    yield from packets


def is_shown(packet: VideoPacket, *, codec_name: str) -> bool:
    """Say whether a packet holds a frame to be shown: not the lead-in of an edit list, not a hidden reference."""
    if is_discarded(packet):
        return False
    return codec_name != "vp8" or bool(memoryview(packet)[0] & _VP8_SHOW_FRAME)


def is_discarded(packet: VideoPacket) -> bool:
    """Say whether a packet is only to be decoded, for others that need it: the lead-in of an edit list."""
    return packet.is_discard or packet.opaque == DISCARD_MARK


def pts_us_of(packet: VideoPacket) -> int | None:
    """Return a packet's presentation time; None: it carries none (a raw stream, or the second field of a frame)."""
    if packet.pts is None:
        return None
    return ticks_to_us(packet.pts, packet.time_base)
