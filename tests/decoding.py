"""Decodes whole files through their chunks, as the pipeline does, for tests that compare what comes out."""

from dataclasses import dataclass
from pathlib import Path

from core.frames import Frame
from core.media import MediaInfo
from producer.planning import plan_chunks
from tests.clips import read_number
from video.decoding.decode import DecodeFault, SpanDecoder
from video.limits import MediaLimits
from video.probing.probe import probe

WHOLE = 10**9  # frames a chunk: everything in one


@dataclass(frozen=True, kw_only=True)
class Decoded:
    """A file, decoded to its end."""

    info: MediaInfo
    num_chunks: int
    frames: tuple[Frame, ...]
    faults: tuple[DecodeFault, ...]

    @property
    def numbers(self) -> list[int | None]:
        """The number in each frame's pixels; None where it is undecodable."""
        return [None if frame.image is None else read_number(frame.image) for frame in self.frames]

    @property
    def times_us(self) -> list[int]:
        """The presentation time of each frame."""
        return [frame.pts_us for frame in self.frames]

    @property
    def content(self) -> list[tuple[int, int, bytes | None]]:
        """Index, time and pixels of each frame, to be compared."""
        return [(f.frame_index, f.pts_us, None if f.image is None else f.image.tobytes()) for f in self.frames]


def decode_file(
    path: Path,
    *,
    target_frames: int = WHOLE,
    sample_rate_hz: float | None = None,
    limits: MediaLimits | None = None,
) -> Decoded:
    """Probe, plan and decode a file."""
    limits = limits or MediaLimits()
    info = probe(path, limits=limits)
    frames: list[Frame] = []
    faults: list[DecodeFault] = []
    spans = plan_chunks(info, target_frames=target_frames)
    for span in spans:
        decoder = SpanDecoder(path, info, span, sample_rate_hz=sample_rate_hz, limits=limits)
        frames.extend(decoder)
        faults.extend(decoder.faults)
    return Decoded(info=info, num_chunks=len(spans), frames=tuple(frames), faults=tuple(faults))
