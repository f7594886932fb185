"""A worker's Celery process for chaos tests: all of the real one but the networks, whose rows are made up quickly."""

import sys
import time
from collections.abc import Callable

from core.frames import FrameStatus
from core.settings import load_settings
from tests.factories import make_frame_observation
from worker.analysis.messages import ChunkRequest, ChunkResult
from worker.pool.celery_main import run_pool

FRAMES_PER_CHUNK = 10
_SECONDS_PER_FRAME = 0.04


class QuickAnalysis:
    """In the place of AnalysisProcess: the same rows for the same span, in some tenths of a second."""

    def analyse_chunk(self, request: ChunkRequest, *, on_tick: Callable[[int], None]) -> ChunkResult:
        """Make up a frame with a face, then one without, and so on."""
        frames = []
        for number in range(FRAMES_PER_CHUNK):
            time.sleep(_SECONDS_PER_FRAME)
            on_tick(number)
            frames.append(
                make_frame_observation(
                    pts_us=request.span.start_us + number * 40_000,
                    frame_index=request.span.first_frame_index + number,
                    status=FrameStatus.FACE if number % 2 else FrameStatus.NO_FACE,
                )
            )
        return ChunkResult(frames=tuple(frames), faults=())

    def stop(self) -> None:
        """Nothing to end."""


if __name__ == "__main__":
    sys.exit(run_pool(sys.argv[1:], load_settings(), lambda _version: QuickAnalysis()))  # type: ignore[arg-type, return-value]
