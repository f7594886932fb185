"""Gathers the packets of a live video into groups that each decode by themselves. Pure: packets in, groups out.

A group ends before a key frame. Pictures shown before that key frame may be coded after it, so the group holds the key
frame and those packets too; the next group begins with the same key frame.
"""

from dataclasses import dataclass

from video.fragments.fragment_format import FragmentPacket


@dataclass(frozen=True, kw_only=True, slots=True)
class TimedPacket:
    """A packet of a live video and what grouping needs to know of it."""

    coded: FragmentPacket
    pts_us: int | None  # presentation time; None: it carries none, or is not to be shown


@dataclass(frozen=True, kw_only=True)
class PacketGroup:
    """Packets in decoding order from a key frame on, and the frames that are counted as theirs."""

    packets: tuple[FragmentPacket, ...]
    start_us: int  # presentation time of the key frame; of what follows it where a source's first carries no time
    end_us: int  # of the next group's key frame; after the last group: just after its last frame
    num_frames: int  # with start_us <= time < end_us
    last_us: int  # presentation time of the last of them


class Grouper:
    """Takes packets one by one; holds those of one group and of the beginning of the next."""

    def __init__(self, *, target_us: int) -> None:
        self._target_us = target_us
        self._current: list[TimedPacket] = []
        self._next: list[TimedPacket] = []  # from the key frame on that ends the current group
        self.num_bytes = 0  # held for the current group

    def add(self, packet: TimedPacket) -> PacketGroup | None:
        """Take a packet; return the group that it shows to be complete. Nothing is kept before the first key frame."""
        group = None
        if self._next and packet.pts_us is not None and packet.pts_us > self._next_us:
            group = self._close()
        if self._ends_current(packet):
            self._next = [packet]
        elif self._next:
            self._next.append(packet)
        if self._current or packet.coded.is_keyframe:
            self._current.append(packet)
            self.num_bytes += packet.coded.num_bytes
        return group

    def finish(self) -> list[PacketGroup]:
        """Return what is held, where no packet follows."""
        groups = [self._close()] if self._next else []
        times_us = [packet.pts_us for packet in self._current if packet.pts_us is not None]
        if times_us:
            groups.append(_group_of(self._current, end_us=max(times_us) + 1))
        self._current = []
        return groups

    @property
    def _next_us(self) -> int:
        start_us = _start_of(self._next)
        assert start_us is not None, "only a key frame with a time ends a group"
        return start_us

    def _ends_current(self, packet: TimedPacket) -> bool:
        start_us = _start_of(self._current)
        if self._next or start_us is None or packet.pts_us is None or not packet.coded.is_keyframe:
            return False
        return packet.pts_us - start_us >= self._target_us

    def _close(self) -> PacketGroup:
        group = _group_of(self._current, end_us=self._next_us)
        self._current, self._next = self._next, []
        self.num_bytes = sum(packet.coded.num_bytes for packet in self._current)
        return group


def _start_of(packets: list[TimedPacket]) -> int | None:
    # FFmpeg gives the first packet of an RTSP source no time: it is needed for decoding, and is no frame of its own.
    return next((packet.pts_us for packet in packets if packet.pts_us is not None), None)


def _group_of(packets: list[TimedPacket], *, end_us: int) -> PacketGroup:
    start_us = _start_of(packets)
    assert start_us is not None, "a group has a frame with a time"
    times_us = {packet.pts_us for packet in packets if packet.pts_us is not None and start_us <= packet.pts_us < end_us}
    return PacketGroup(
        packets=tuple(packet.coded for packet in packets),
        start_us=start_us,
        end_us=end_us,
        num_frames=len(times_us),
        last_us=max(times_us),
    )
