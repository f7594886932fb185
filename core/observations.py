"""What is stored of an analysed frame: one row a frame, one row a face. Values only, no SQL."""

from dataclasses import dataclass
from typing import Final

from core.emotions import EMOTIONS, top_emotion
from core.frames import Face, FrameStatus

MICROSECONDS_PER_SECOND = 1_000_000

_MAX_FACES_PER_FRAME: Final = 10_000


def track_number(*, frame_index: int, face_index: int) -> int:
    """Return the number of the track that begins with a face: no other in the media begins there."""
    return frame_index * _MAX_FACES_PER_FRAME + face_index


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What a face appears to show, as far as the classifier can tell."""

    probs: tuple[float, ...]  # (7,) over core.emotions.EMOTIONS, calibrated, sums to 1
    unreadable: float  # 0..1, probability that people would answer "unknown" or "not a face"
    abstained: bool  # true: too unsure to be counted in a timeline; the probabilities are kept all the same

    def __post_init__(self) -> None:
        if len(self.probs) != len(EMOTIONS) or not abs(sum(self.probs) - 1) <= 1e-5:  # so that NaN is caught
            raise ValueError(f"expected {len(EMOTIONS)} probabilities that sum to 1, got {self.probs}")

    @property
    def top(self) -> str:
        """Name of the most probable emotion."""
        return top_emotion(self.probs)


@dataclass(frozen=True, kw_only=True)
class FaceObservation:
    """One face in one frame."""

    face_index: int  # 0-based within the frame, largest face first
    track: int | None  # the same for one face in consecutive frames of a chunk; None: a single picture, or not followed
    face: Face
    reading: Reading
    face_px: float  # height of the box: the resolution that the reading rests on
    blur: float  # variance of the Laplacian of the 48x48 crop; small is blurred


@dataclass(frozen=True, kw_only=True)
class FrameObservation:
    """One sampled frame and the faces in it: an empty tuple where nobody was found."""

    frame_index: int  # 0-based position among the media's frames in presentation order
    pts_us: int  # presentation time in the stream, microseconds
    status: FrameStatus
    faces: tuple[FaceObservation, ...] = ()

    def __post_init__(self) -> None:
        if (self.status is FrameStatus.FACE) != bool(self.faces):
            raise ValueError(f"a {self.status} frame with {len(self.faces)} faces at frame_index {self.frame_index}")

    @property
    def pts_seconds(self) -> float:
        """Presentation time in the stream, seconds."""
        return self.pts_us / MICROSECONDS_PER_SECOND
