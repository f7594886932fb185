"""What goes through the pipe between a worker and the process that opens media for it. Values only."""

from dataclasses import dataclass
from pathlib import Path

from core.media import AnalysisParameters, ChunkSpan, MediaInfo
from core.observations import FaceObservation, FrameObservation


@dataclass(frozen=True, kw_only=True)
class AnalyserSpec:
    """What the process loads once, before its first request."""

    card_path: Path  # of the classifier's checkpoint
    device: str = "cpu"  # or "cuda:0"


@dataclass(frozen=True, kw_only=True)
class ChunkRequest:
    """Analyse a span of a file, or of the fragment that was cut out of one."""

    source: Path | bytes  # a file, or a fragment's bytes
    info: MediaInfo
    span: ChunkSpan
    parameters: AnalysisParameters

    @property
    def source_name(self) -> str:
        """What to call the source in an error."""
        return (
            str(self.source) if isinstance(self.source, Path) else f"the fragment from {self.span.start_us / 1e6:g} s"
        )


@dataclass(frozen=True, kw_only=True)
class PictureRequest:
    """Find and read the faces of one picture."""

    source: Path | bytes  # a file, or its content
    parameters: AnalysisParameters  # the sample rate does not matter

    @property
    def source_name(self) -> str:
        """What to call the source in an error."""
        return str(self.source) if isinstance(self.source, Path) else "the picture"


@dataclass(frozen=True, kw_only=True)
class Progress:
    """So many frames of the running chunk are done."""

    num_frames: int


@dataclass(frozen=True, kw_only=True)
class SpanFault:
    """Something in the span could not be analysed; its frames' rows say where, this says why."""

    code: str  # "UNDECODABLE", "TRUNCATED"
    pts_us: int
    message: str  # one line


@dataclass(frozen=True, kw_only=True)
class ChunkResult:
    """All rows of a chunk."""

    frames: tuple[FrameObservation, ...]
    faults: tuple[SpanFault, ...]
    software: str | None = None  # core.software.SoftwareVersions as JSON: what made them


@dataclass(frozen=True, kw_only=True)
class PictureResult:
    """The faces of a picture, largest first."""

    faces: tuple[FaceObservation, ...]
    width_px: int  # of the picture, upright
    height_px: int


@dataclass(frozen=True, kw_only=True)
class Refused:
    """The request cannot be met, for a reason that a user can act on."""

    message: str  # one line
    is_environment: bool  # the machine is in the way, not the input


@dataclass(frozen=True, kw_only=True)
class Crashed:
    """Something that nobody foresaw went wrong; the process ends after this."""

    message: str  # one line


Request = ChunkRequest | PictureRequest
Reply = Progress | ChunkResult | PictureResult | Refused | Crashed
