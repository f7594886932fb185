"""Reads a live video as one fragment after the other, each of whole groups of pictures, until the source is lost.

Knows times and groups; how a source is opened is opening.py's, and when to try again is its reader's. Nothing is
written to disk, and no more is held than one fragment and the beginning of the next.
"""

from collections.abc import Generator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from core.errors import InputError
from core.media import ChunkSpan
from video.fragments.fragment import describe_decoder, describe_packet
from video.fragments.fragment_format import FragmentHeader, write_fragment
from video.limits import MediaLimits
from video.live.address import LiveAddress, LiveKind
from video.live.file import play_file
from video.live.grouping import Grouper, PacketGroup, TimedPacket
from video.live.live_fragment import LiveFragment
from video.live.opening import LiveFault, LiveTiming, SourceLost, open_live
from video.moments import CodedVideo
from video.packets import VideoPacket, is_shown, pts_us_of
from video.times import MICROSECONDS_PER_SECOND

#: Neighbours in coding order are this far apart at most, microseconds: B frames go back a little, gaps go ahead.
_MAX_STEP_BACK_US: Final = 2_000_000
_MAX_STEP_AHEAD_US: Final = 60_000_000

#: Packets to wait for the first key frame: two minutes at 25 frames a second.
_MAX_PACKETS_WITHOUT_KEY_FRAME: Final = 3000


def read_live(
    address: LiveAddress, *, target_seconds: float = 2.0, timing: LiveTiming, limits: MediaLimits
) -> Generator[LiveFragment]:
    """Yield fragments of about so many seconds as soon as each is complete.

    Raises SourceLost once the source is gone and what had come of it was yielded; a file ends without it. Raises
    InputError if the address leads to no video that is read here.
    """
    if target_seconds <= 0:
        raise ValueError(f"target_seconds must be above 0, got {target_seconds}")
    if address.kind == LiveKind.FILE:
        yield from play_file(Path(address.location), target_seconds=target_seconds, limits=limits)
        return
    loss: SourceLost | None = None
    with open_live(address, timing, limits=limits) as video:
        header = _header_of(video)
        grouper = Grouper(target_us=round(target_seconds * MICROSECONDS_PER_SECOND))
        groups = _Groups(grouper, video, max_group_bytes=limits.max_fragment_bytes - header.max_bytes)
        numbering = _Numbering(header)
        try:
            for group in groups:
                yield numbering.next_fragment(group)
        except SourceLost as err:
            loss = err
        for group in groups.finish():
            yield numbering.next_fragment(group)
    if loss is not None:
        raise loss


class _Groups:
    """Iterates a video's complete groups; refuses times and packets of which no groups can be made."""

    def __init__(self, grouper: Grouper, video: CodedVideo, *, max_group_bytes: int) -> None:
        self._grouper = grouper
        self._video = video
        self._max_group_bytes = max_group_bytes
        self._previous_us: int | None = None
        self._num_read = 0

    def __iter__(self) -> Iterator[PacketGroup]:
        for packet in self._video.packets:
            timed = self._look_at(packet)
            self._refuse_jump(timed.pts_us)
            self._refuse_endless_group(timed)
            group = self._grouper.add(timed)
            if group is not None:
                yield group

    def finish(self) -> list[PacketGroup]:
        """Return what is left when no packet follows."""
        return self._grouper.finish()

    def _look_at(self, packet: VideoPacket) -> TimedPacket:
        pts_us = pts_us_of(packet) if is_shown(packet, codec_name=self._video.codec_name) else None
        try:
            return TimedPacket(coded=describe_packet(packet), pts_us=pts_us)
        except ValueError as err:
            raise self._unusable(str(err)) from err

    def _refuse_jump(self, pts_us: int | None) -> None:
        if pts_us is None:
            return
        step_us = 0 if self._previous_us is None else pts_us - self._previous_us
        if not -_MAX_STEP_BACK_US <= step_us <= _MAX_STEP_AHEAD_US:
            message = f"{self._video.name}: its clock jumped by {step_us / 1e6:+.1f} s"
            raise SourceLost(LiveFault.CLOCK_JUMPED, message)
        self._previous_us = pts_us

    def _refuse_endless_group(self, packet: TimedPacket) -> None:
        self._num_read += 1
        if self._grouper.num_bytes == 0 and self._num_read > _MAX_PACKETS_WITHOUT_KEY_FRAME:
            raise self._unusable(f"no key frame among its first {self._num_read:,} packets")
        if self._grouper.num_bytes + packet.coded.num_bytes > self._max_group_bytes:
            size_mb = self._max_group_bytes // 1024**2
            raise self._unusable(
                f"no key frame with a time within {size_mb} MB; set the camera to one every two seconds"
            )

    def _unusable(self, reason: str) -> SourceLost:
        return SourceLost(LiveFault.UNUSABLE, f"{self._video.name}: {reason}")


class _Numbering:
    """Makes fragments of groups, their indices running on."""

    def __init__(self, header: FragmentHeader) -> None:
        self._header = header
        self._chunk_index = 0
        self._frame_index = 0
        self._previous_us: int | None = None

    def next_fragment(self, group: PacketGroup) -> LiveFragment:
        span = ChunkSpan(
            chunk_index=self._chunk_index,
            start_us=group.start_us,
            end_us=group.end_us,
            first_frame_index=self._frame_index,
            previous_pts_us=self._previous_us,
        )
        self._chunk_index += 1
        self._frame_index += group.num_frames
        self._previous_us = group.last_us
        return LiveFragment(
            content=write_fragment(self._header, group.packets),
            span=span,
            num_frames=group.num_frames,
            codec_name=self._header.codec_name,
            width_px=self._header.width_px,
            height_px=self._header.height_px,
            completed_at=datetime.now(UTC),
        )


def _header_of(video: CodedVideo) -> FragmentHeader:
    try:
        return describe_decoder(video)
    except ValueError as err:
        raise InputError(f"{video.name} cannot be read live ({err}); set the camera to H.264") from err
