"""Ours: `... CLIP NUM_FRAMES MIN_FACE_PX fast|exact all|detect|networks [DEVICE] [MODEL]`.

all: decode, find, follow, crop, classify, and commit the rows to SQLite, as an analysis does. detect: decode and find.
networks: everything between decoding and the rows, over frames that lie in memory.
"""

import sys
import tempfile
from pathlib import Path

import av

from benchmarks.contender import serve
from core.media import AnalysisParameters, ChunkSpan, DetectorKind, MediaInfo
from db.queue import ledger
from db.records import AnalysisRequest, ModelVersion
from db.store import open_store
from db.submission import submit
from fer_model.checkpoints.card import find_card, read_card
from fer_model.runtime import load_networks
from video.decoding.decode import SpanDecoder
from video.limits import MediaLimits
from video.probing.probe import probe
from video.times import ticks_to_us
from worker.analysis.analysing import RequestHandler
from worker.analysis.leased import LEASE_SECONDS
from worker.analysis.messages import AnalyserSpec, ChunkRequest
from worker.face_reader import FaceReader
from worker.pipeline import Analyser

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


def serve_analysis(path: Path, num_frames: int, parameters: AnalysisParameters, *, device: str, model: str) -> None:
    """Do all that an analysis does, each time as a new generation in a store of its own."""
    info, span = first_frames(path, num_frames)
    card_path = find_card(model)
    card = read_card(card_path)
    handler = RequestHandler(AnalyserSpec(card_path=card_path, device=device), MediaLimits())
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
    networks = load_networks(find_card(MODEL))

    def run() -> int:
        detector = networks.new_detector(parameters.detector, min_face_px=parameters.min_face_px)
        return sum(len(group) for group in detector.search(decoder_of(path, num_frames)))

    serve(run)


def serve_networks(path: Path, num_frames: int, parameters: AnalysisParameters, *, device: str, model: str) -> None:
    """Find, follow, crop and classify in frames that were decoded before."""
    networks = load_networks(find_card(model), device=device)
    frames = list(decoder_of(path, num_frames))

    def run() -> int:
        analyser = Analyser(
            detector=networks.new_detector(parameters.detector, min_face_px=parameters.min_face_px),
            reader=FaceReader(classifier=networks.classifier),
            min_score=parameters.min_score,
        )
        return sum(1 for _ in analyser.analyse(frames))

    serve(run)


def decoder_of(path: Path, num_frames: int) -> SpanDecoder:
    """Return what decodes the first frames of a clip."""
    info, span = first_frames(path, num_frames)
    return SpanDecoder(path, info, span, sample_rate_hz=None, limits=MediaLimits())


def main(
    path: str, num_frames: str, min_face_px: str, detector: str, what: str, device: str = "cpu", model: str = MODEL
) -> None:
    """Serve one of the three; takes the words of the command line."""
    parameters = AnalysisParameters(min_face_px=int(min_face_px), detector=DetectorKind(detector))
    asked = Path(path), int(num_frames), parameters
    if what == "all":
        serve_analysis(*asked, device=device, model=model)
    elif what == "networks":
        serve_networks(*asked, device=device, model=model)
    else:
        serve_detection(*asked)


if __name__ == "__main__":
    main(*sys.argv[1:])
