"""Finds out what a file holds by reading its packets once: counts, times, cut points, damage. Trusts no header.

Decodes no more than the first picture, for its size and rotation.
"""

import hashlib
from array import array
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from core.errors import InputError
from core.media import MediaInfo
from video.limits import MediaLimits
from video.opening import OpenedVideo, open_video
from video.packets import PacketReader, VideoPacket, is_shown, pts_us_of
from video.probing.cutting import find_cut_points
from video.probing.recorded_at import recorded_at_text
from video.probing.truncation import promises_more_bytes
from video.sniffing import printable
from video.times import MICROSECONDS_PER_SECOND, ordinal_to_us, ticks_to_us

#: Where the first picture does not decode within so many packets, the header's size is taken.
_MAX_PACKETS_TO_FIRST_PICTURE = 64


@dataclass(kw_only=True)
class _Tally:
    """What has been read so far."""

    num_read: int = 0  # packets, shown or not
    num_shown: int = 0  # packets to be shown, with or without a time
    times_us: "array[int]" = field(default_factory=lambda: array("q"))  # of shown packets, in decoding order
    key_times_us: "array[int]" = field(default_factory=lambda: array("q"))  # of shown key frames, in decoding order
    first_us: int = 0  # smallest time
    last_us: int = 0  # largest time
    frame_us: int = 1  # how long the frame at last_us is shown
    size_px: tuple[int, int] | None = None  # width, height of the first picture, as stored
    rotation_degrees: int = 0  # clockwise, to make it upright
    ended_early: str | None = None  # what stopped the reading


def probe(path: Path, *, limits: MediaLimits) -> MediaInfo:
    """Read all packets of a file's video once. Raise InputError if it is no video, or more than the limits allow."""
    with open_video(path, limits=limits) as video:
        tally = _read(video, limits)
        if not tally.num_shown:
            found = tally.ended_early or "its video stream is empty"
            raise InputError(f"{printable(path)} holds not one whole video frame ({found}); copy or record it again")
        estimated = video.has_no_times or not tally.times_us or not _rises(tally.key_times_us)
        times_us = _estimate_times(video, tally, limits) if estimated else sorted(set(tally.times_us))
        missing = tally.ended_early is not None or promises_more_bytes(video)
        frame_us = ordinal_to_us(1, video.rate) if estimated else tally.frame_us
        width_px, height_px = tally.size_px or (video.stream.codec_context.width, video.stream.codec_context.height)
        if tally.rotation_degrees % 180:
            width_px, height_px = height_px, width_px
        return MediaInfo(
            sha256=_sha256(path),
            size_bytes=path.stat().st_size,
            format_name=video.container.format.name,
            codec_name=video.codec_name,
            width_px=width_px,
            height_px=height_px,
            rotation_degrees=tally.rotation_degrees,
            num_packets=len(times_us),
            start_us=times_us[0],
            end_us=times_us[-1],
            timestamps_estimated=estimated,
            truncated_at_us=times_us[-1] + frame_us if missing else None,
            # An estimated time is found only by counting from the first frame: each cut costs a decode from there.
            cut_points=find_cut_points(times_us, [] if estimated else tally.key_times_us),
            recorded_at_text=recorded_at_text(video.container.metadata),
        )


def _read(video: OpenedVideo, limits: MediaLimits) -> _Tally:
    tally = _Tally()
    reader = PacketReader(video)
    for packet in reader:
        tally.num_read += 1
        if tally.size_px is None and tally.num_read <= _MAX_PACKETS_TO_FIRST_PICTURE:
            _look_at_first_picture(video, packet, tally)
        if is_shown(packet, codec_name=video.codec_name):
            _count(packet, tally)
        _refuse_beyond(limits, video, tally)
    tally.ended_early = reader.ended_early
    return tally


def _count(packet: VideoPacket, tally: _Tally) -> None:
    tally.num_shown += 1
    pts_us = pts_us_of(packet)
    if pts_us is None:
        return
    if not tally.times_us or pts_us < tally.first_us:
        tally.first_us = pts_us
    if not tally.times_us or pts_us > tally.last_us:
        tally.last_us = pts_us
        tally.frame_us = max(1, ticks_to_us(packet.duration or 0, packet.time_base))
    tally.times_us.append(pts_us)
    if packet.is_keyframe:
        tally.key_times_us.append(pts_us)


def _look_at_first_picture(video: OpenedVideo, packet: VideoPacket, tally: _Tally) -> None:
    try:
        frames = video.stream.codec_context.decode(packet)
    except Exception:  # noqa: BLE001  a first packet that does not decode is the decoder's to report, at its own time
        return
    if frames:
        tally.size_px = (frames[0].width, frames[0].height)
        tally.rotation_degrees = round(-frames[0].rotation / 90) * 90 % 360


def _refuse_beyond(limits: MediaLimits, video: OpenedVideo, tally: _Tally) -> None:
    """Stop at the first packet beyond a limit, so that what is refused costs little to refuse."""
    name = printable(video.path)
    if tally.num_read > limits.max_frames:
        raise InputError(f"{name} has more than {limits.max_frames:,} frames; cut it into parts")
    span_us = tally.last_us - tally.first_us
    if span_us > limits.max_duration_seconds * MICROSECONDS_PER_SECOND:
        raise _too_long(video, limits)
    # Over two seconds' worth of frames, since a few frames close together are normal in a variable-rate file.
    if len(tally.times_us) > 2 * limits.max_fps:
        num_allowed = limits.max_fps * span_us // MICROSECONDS_PER_SECOND + 1
        if len(tally.times_us) > num_allowed:
            raise InputError(f"{name} has more than {limits.max_fps} frames a second; make it slower with ffmpeg -r 60")


def _rises(key_times_us: "array[int]") -> bool:
    """Say whether key frames come in the order of their times. Where two recordings were joined, they do not."""
    return all(earlier < later for earlier, later in pairwise(key_times_us))


def _estimate_times(video: OpenedVideo, tally: _Tally, limits: MediaLimits) -> list[int]:
    if video.rate > limits.max_fps:
        raise InputError(f"{printable(video.path)} has more than {limits.max_fps} frames a second by its header")
    times_us = [ordinal_to_us(ordinal, video.rate) for ordinal in range(tally.num_shown)]
    if times_us[-1] > limits.max_duration_seconds * MICROSECONDS_PER_SECOND:
        raise _too_long(video, limits)
    return times_us


def _too_long(video: OpenedVideo, limits: MediaLimits) -> InputError:
    return InputError(
        f"{printable(video.path)} is longer than {limits.max_duration_seconds / 3600:g} hours by its timestamps; "
        f"cut it into parts, or mend damaged times with ffmpeg -i IN -c copy OUT.mp4"
    )


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
