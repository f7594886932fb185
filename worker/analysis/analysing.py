"""What the analysing process does with a request: open the media, run the pipeline, give back rows. Knows no pipe."""

from collections.abc import Callable
from typing import Final

from core.media import AnalysisParameters
from core.software import installed
from fer_model.runtime import load_networks
from video.decoding.ahead import taken_ahead
from video.decoding.decode import SpanDecoder
from video.decoding.still_picture import read_picture
from video.limits import MediaLimits
from worker.analysis.messages import (
    AnalyserSpec,
    ChunkRequest,
    ChunkResult,
    PictureRequest,
    PictureResult,
    Request,
    SpanFault,
)
from worker.face_reader import FaceReader, SeenFaces
from worker.pipeline import Analyser

#: Tell the parent after so many frames.
FRAMES_PER_PROGRESS: Final = 8

#: So many frames are decoded while a GPU computes: 50 MB of 1080p.
MAX_FRAMES_AHEAD: Final = 8


class RequestHandler:
    """Holds the loaded networks of one process."""

    def __init__(self, spec: AnalyserSpec, limits: MediaLimits) -> None:
        self._networks = load_networks(spec.card_path, device=spec.device)
        self._device = spec.device
        self._limits = limits
        self._software = installed(device=spec.device).to_json()

    def answer(self, request: Request, *, on_progress: Callable[[int], None]) -> ChunkResult | PictureResult:
        """Do what is asked; the number of finished frames goes to `on_progress` now and then."""
        if isinstance(request, PictureRequest):
            return self._analyse_picture(request)
        return self._analyse_chunk(request, on_progress)

    def _analyse_picture(self, request: PictureRequest) -> PictureResult:
        asked = request.parameters
        image = read_picture(request.source, max_pixels=self._limits.max_pixels)
        [found] = self._networks.cascade_for(min_face_px=asked.min_face_px).detect([image])
        faces = tuple(face for face in found if face.score >= asked.min_score)
        seen = SeenFaces(image=image, faces=faces, tracks=(None,) * len(faces))
        height_px, width_px = image.shape[:2]
        return PictureResult(faces=self._reader(asked).read([seen])[0], width_px=width_px, height_px=height_px)

    def _analyse_chunk(self, request: ChunkRequest, on_progress: Callable[[int], None]) -> ChunkResult:
        asked = request.parameters
        decoder = SpanDecoder(
            request.source, request.info, request.span, sample_rate_hz=asked.sample_rate_hz, limits=self._limits
        )
        observed = []
        frames = decoder if self._device == "cpu" else taken_ahead(decoder, max_ahead=MAX_FRAMES_AHEAD)
        for frame in self._analyser(asked).analyse(frames):
            observed.append(frame)
            if len(observed) % FRAMES_PER_PROGRESS == 0:
                on_progress(len(observed))
        faults = tuple(SpanFault(code=f.code.value, pts_us=f.pts_us, message=f.message) for f in decoder.faults)
        return ChunkResult(frames=tuple(observed), faults=faults, software=self._software)

    def _analyser(self, asked: AnalysisParameters) -> Analyser:
        """Make what looks at one chunk; it carries nothing over to the next."""
        return Analyser(
            detector=self._networks.new_detector(asked.detector, min_face_px=asked.min_face_px),
            reader=self._reader(asked),
            min_score=asked.min_score,
        )

    def _reader(self, asked: AnalysisParameters) -> FaceReader:
        return FaceReader(classifier=self._networks.classifier, keep_landmarks=asked.keep_landmarks)
