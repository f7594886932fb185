"""What a media may ask of this machine before it is refused. Values only: knows no file and no decoder."""

from dataclasses import dataclass

#: Containers that are opened, by FFmpeg's demuxer names. None of them can name another file to be read.
CONTAINERS = ("mov", "mp4", "matroska", "webm", "avi", "mpegts", "h264", "hevc")

#: Codecs that are decoded, by FFmpeg's codec names.
CODECS = ("h264", "hevc", "vp8", "vp9", "av1", "mpeg4", "mjpeg", "mpeg2video")


@dataclass(frozen=True, kw_only=True)
class MediaLimits:
    """The largest media that is accepted. The defaults are generous for people's video and small for an attacker's."""

    max_pixels: int = 40_000_000  # width x height of one picture; 8K is 33 million
    max_file_bytes: int = 100 * 10**9  # of a file that is fetched
    max_fps: int = 240  # frames a second, averaged from the first frame on; phones' slow motion is 240
    max_duration_seconds: int = 12 * 3600  # from the first frame to the last
    max_frames: int = 2_000_000  # video packets of one file; 12 h at 46 frames a second
    probe_timeout_seconds: int = 120  # wall clock; also bounds the CPU time of a probe
    probe_memory_bytes: int = 2 * 1024**3  # address space of the probing child
    probe_niceness: int = 0  # 0 to 19: how far the probing child stands back for others; a server's, for its callers
    decode_memory_bytes: int = 3 * 1024**3  # what a decoding process may take beyond what it holds when it starts
    max_fragment_bytes: int = 128 * 1024**2  # one chunk of coded video in Redis, which holds 512 MB a value at most

    def __post_init__(self) -> None:
        for name, value in vars(self).items():
            if value < 0 or (value == 0 and name != "probe_niceness"):
                raise ValueError(f"{name} must be above 0, got {value}")
