"""What the analysing process does with a request: open the media, run the pipeline, give back rows. Knows no pipe."""

from collections.abc import Callable
from typing import Final

from core.media import AnalysisParameters
from fer_model.runtime import load_networks
from video.decode import SpanDecoder
from video.limits import MediaLimits
from video.still_picture import read_picture
from worker.messages import (
    AnalyserSpec,
    ChunkRequest,
    ChunkResult,
    PictureRequest,
    PictureResult,
    Request,
    SpanFault,
)
from worker.pipeline import Analyser

#: Tell the parent after so many frames.
FRAMES_PER_PROGRESS: Final = 8


class RequestHandler:
    """Holds the loaded networks of one process."""

    def __init__(self, spec: AnalyserSpec, limits: MediaLimits) -> None:
        self._networks = load_networks(spec.card_path, device=spec.device)
        self._limits = limits

    def answer(self, request: Request, *, on_progress: Callable[[int], None]) -> ChunkResult | PictureResult:
        """Do what is asked; the number of finished frames goes to `on_progress` now and then."""
        if isinstance(request, PictureRequest):
            image = read_picture(request.path, max_pixels=self._limits.max_pixels)
            return PictureResult(faces=self._analyser(request.parameters).find_and_read([image])[0])
        return self._analyse_chunk(request, on_progress)

    def _analyse_chunk(self, request: ChunkRequest, on_progress: Callable[[int], None]) -> ChunkResult:
        asked = request.parameters
        decoder = SpanDecoder(
            request.source, request.info, request.span, sample_rate_hz=asked.sample_rate_hz, limits=self._limits
        )
        observed = []
        for frame in self._analyser(asked).analyse(decoder):
            observed.append(frame)
            if len(observed) % FRAMES_PER_PROGRESS == 0:
                on_progress(len(observed))
        faults = tuple(SpanFault(code=f.code.value, pts_us=f.pts_us, message=f.message) for f in decoder.faults)
        return ChunkResult(frames=tuple(observed), faults=faults)

    def _analyser(self, parameters: AnalysisParameters) -> Analyser:
        """Make what looks at one chunk or picture; it carries nothing over to the next."""
        return Analyser(
            detector=self._networks.new_detector(min_face_px=parameters.min_face_px),
            classifier=self._networks.classifier,
            min_score=parameters.min_score,
            keep_landmarks=parameters.keep_landmarks,
        )
