"""READ FIRST: frames of one chunk in, observations out. Knows no SQL, no Redis, no file and no network by name.

Frames come in presentation order; a few at a time are searched for faces, faces get their tracks, crops are classified
together, and one observation a frame goes out in the same order, whatever the frame showed.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from core.frames import Frame, FrameStatus
from core.observations import FrameObservation
from fer_model.detection.detector import Detector, SearchedFrame
from fer_model.detection.tracking import Tracks
from worker.face_reader import FaceReader, SeenFaces


@dataclass(frozen=True, kw_only=True)
class Analyser:
    """What looks at the frames of one chunk."""

    detector: Detector
    reader: FaceReader
    min_score: float  # 0..1, faces that the detector is less sure of are left out

    def analyse(self, frames: Iterable[Frame]) -> Iterator[FrameObservation]:
        """Observe every frame of a span, in order."""
        tracks = Tracks()
        for group in self.detector.search(frames):
            yield from self._observe(group, tracks)

    def _observe(self, group: Sequence[SearchedFrame], tracks: Tracks) -> Iterator[FrameObservation]:
        readings = iter(self.reader.read(list(self._pictures(group, tracks))))
        for searched in group:
            frame = searched.frame
            faces = next(readings) if frame.image is not None else ()
            status = FrameStatus.FACE if faces else FrameStatus.NO_FACE
            yield FrameObservation(
                frame_index=frame.frame_index,
                pts_us=frame.pts_us,
                status=FrameStatus.UNDECODABLE if frame.image is None else status,
                faces=faces,
            )

    def _pictures(self, group: Sequence[SearchedFrame], tracks: Tracks) -> Iterator[SeenFaces]:
        """Give the frames that could be decoded, with the faces that are sure enough."""
        for searched in group:
            faces = tuple(face for face in searched.faces if face.score >= self.min_score)
            numbers = tracks.numbers(searched, faces)
            if searched.frame.image is not None:
                yield SeenFaces(image=searched.frame.image, faces=faces, tracks=numbers)
