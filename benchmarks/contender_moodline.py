"""Ours: `... CLIP NUM_FRAMES MIN_FACE_PX fast|exact all|detect`.

all: decode, find, follow, crop, classify, and commit the rows to SQLite, as an analysis does. detect: decode and find.
"""

import sys
import tempfile
from pathlib import Path

import av

from benchmarks.contender import serve
from core.media import AnalysisParameters, ChunkSpan, DetectorKind, MediaInfo
from db import ledger
from db.records import AnalysisRequest, ModelVersion
from db.store import open_store
from db.submission import submit
from fer_model.card import find_card, read_card
from fer_model.runtime import load_networks
from video.decode import SpanDecoder
from video.limits import MediaLimits
from video.probe import probe
from video.times import ticks_to_us
from worker.analysing import RequestHandler
from worker.leased_analysis import LEASE_SECONDS
from worker.messages import AnalyserSpec, ChunkRequest

MODEL = "small"


def first_frames(path: Path, num_frames: int) -> tuple[MediaInfo, ChunkSpan]:
    """Return what a probe finds in a clip, and the span of its first frames."""
    info = probe(path, limits=MediaLimits())
    with av.open(path) as container:
        base = container.streams.video[0].time_base
        times = sorted(ticks_to_us(packet.pts, base) for packet in container.demux(video=0) if packet.pts is not None)
    end_us = times[num_frames] if num_frames < len(times) else info.end_us + 1
    span = ChunkSpan(chunk_index=0, start_us=info.start_us, end_us=end_us, first_frame_index=0, previous_pts_us=None)
    return info, span


def serve_analysis(path: Path, num_frames: int, parameters: AnalysisParameters) -> None:
    """Do all that an analysis does, each time as a new generation in a store of its own."""
    info, span = first_frames(path, num_frames)
    card_path = find_card(MODEL)
    card = read_card(card_path)
    handler = RequestHandler(AnalyserSpec(card_path=card_path), MediaLimits())
    version = ModelVersion(id=card.version, name=card.name, sha256=card.sha256, card=card.to_json())
    request = AnalysisRequest(media=info, path=str(path), spans=(span,), model_version=version, parameters=parameters)
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(f"sqlite:///{folder}/bench.db")

        def run() -> int:
            with store.writing() as connection:
                job = submit(connection, request, force=True).job
                claim = ledger.claim_next(connection, job.id, lease_owner="bench", lease_seconds=LEASE_SECONDS)
            assert claim is not None, "a new job has a chunk to claim"
            asked = ChunkRequest(source=path, info=info, span=span, parameters=parameters)
            result = handler.answer(asked, on_progress=lambda _: None)
            with store.writing() as connection:
                ledger.commit_chunk(connection, claim, result.frames, fault=None)
            return len(result.frames)

        serve(run)


def serve_detection(path: Path, num_frames: int, parameters: AnalysisParameters) -> None:
    """Decode and find faces, nothing else."""
    info, span = first_frames(path, num_frames)
    networks = load_networks(find_card(MODEL))

    def run() -> int:
        detector = networks.new_detector(parameters.detector, min_face_px=parameters.min_face_px)
        decoder = SpanDecoder(path, info, span, sample_rate_hz=None, limits=MediaLimits())
        return sum(len(group) for group in detector.search(decoder))

    serve(run)


def main(path: Path, num_frames: int, min_face_px: int, detector: str, what: str) -> None:
    """Serve one of the two."""
    parameters = AnalysisParameters(min_face_px=min_face_px, detector=DetectorKind(detector))
    (serve_analysis if what == "all" else serve_detection)(path, num_frames, parameters)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4], sys.argv[5])
