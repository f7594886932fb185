"""Measures the ledger: a chunk's life step by step, and its rows, through the functions that workers call."""

import random
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import Final, TypeVar

from benchmarks.scale.stores import MeasuredStore
from core.emotions import EMOTIONS
from core.frames import Face, FrameStatus
from core.media import AnalysisParameters, ChunkSpan, CutPoint, MediaInfo
from core.observations import FaceObservation, FrameObservation, Reading
from db.live import live
from db.queue import dispatch, ledger
from db.records import AnalysisRequest, CameraStretch, ChunkReference, Claim, ModelVersion
from db.states import JobQueue
from db.submission import submit

FPS: Final = 25
NUM_FRAMES: Final = 600
_CHUNK_US: Final = NUM_FRAMES * 1_000_000 // FPS
_LEASE_SECONDS: Final = 60.0

_Result = TypeVar("_Result")

MODEL: Final = ModelVersion(id="scale-000000000000", name="scale", sha256="0" * 64, card="{}")


@dataclass(frozen=True, kw_only=True)
class Step:
    """What doing one thing took, many times over."""

    busy_seconds: float  # by the store's meter, mean of the middle four fifths
    wall_seconds: float  # with this process's own work, likewise
    log_bytes: float  # mean


@dataclass(kw_only=True)
class _Laps:
    busy: list[float] = field(default_factory=list)
    wall: list[float] = field(default_factory=list)
    log_bytes: float = 0.0


class Stopwatch:
    """Adds up what steps take, by name."""

    def __init__(self, measured: MeasuredStore) -> None:
        self._measured = measured
        self._laps: dict[str, _Laps] = {}

    def time(self, name: str, do: Callable[[], _Result], *, num_items: int = 1) -> _Result:
        """Do something that counts as so many."""
        laps = self._laps.setdefault(name, _Laps())
        log_bytes, busy, wall = self._measured.log_bytes(), self._measured.busy_seconds(), time.perf_counter()
        result = do()
        laps.wall.append((time.perf_counter() - wall) / num_items)
        laps.busy.append((self._measured.busy_seconds() - busy) / num_items)
        laps.log_bytes += (self._measured.log_bytes() - log_bytes) / num_items
        return result

    def steps(self) -> dict[str, Step]:
        """Return what each step took."""
        return {
            name: Step(
                busy_seconds=middle_mean(laps.busy),
                wall_seconds=middle_mean(laps.wall),
                log_bytes=laps.log_bytes / len(laps.busy),
            )
            for name, laps in self._laps.items()
        }


def middle_mean(values: list[float]) -> float:
    """Return the mean without the lowest and the highest tenth: other processes share this machine."""
    cut = len(values) // 10
    return statistics.fmean(sorted(values)[cut : len(values) - cut])


def measure_chunks(measured: MeasuredStore, *, num_rounds: int) -> tuple[dict[str, Step], dict[str, float]]:
    """Take chunks through their lives. Return each step, and the bytes on disk of a frame row and a face row."""
    watch = Stopwatch(measured)
    store = measured.store
    for number in range(4):
        with store.writing() as connection:
            request = make_request(f"submitted {number}", num_chunks=250)
            watch.time("submit_chunk", partial(submit, connection, request), num_items=250)
    _append_to_camera(watch, measured, num_chunks=2 * num_rounds)
    _ring(watch, measured, num_chunks=4 * num_rounds)
    for _ in range(3):  # caches of statements and pages are warm in what follows
        _live_through(Stopwatch(measured), measured, make_request("warm", num_chunks=3), num_frames=1, num_faces=1)
    _live_through(watch, measured, make_request("bare", num_chunks=4 * num_rounds), num_frames=1, num_faces=0)
    before = measured.row_bytes()
    _live_through(watch, measured, make_request("frames", num_chunks=num_rounds), num_frames=NUM_FRAMES, num_faces=0)
    between = measured.row_bytes()
    _live_through(watch, measured, make_request("faces", num_chunks=num_rounds), num_frames=NUM_FRAMES, num_faces=1)
    frame_bytes = (between - before) / (num_rounds * NUM_FRAMES)
    face_bytes = (measured.row_bytes() - between) / (num_rounds * NUM_FRAMES) - frame_bytes
    return watch.steps(), {"frame_row_bytes": frame_bytes, "face_row_bytes": face_bytes}


def make_request(name: str, *, num_chunks: int, queue: JobQueue = JobQueue.ARCHIVE) -> AnalysisRequest:
    """Return a request to analyse a made-up file of so many chunks of 600 frames."""
    spans = tuple(make_span(index) for index in range(num_chunks))
    media = MediaInfo(
        sha256=random.Random(name).randbytes(32).hex(),
        size_bytes=1_000_000,
        format_name="mov,mp4,m4a,3gp,3g2,mj2",
        codec_name="h264",
        width_px=1280,
        height_px=720,
        rotation_degrees=0,
        num_packets=NUM_FRAMES * num_chunks,
        start_us=0,
        end_us=_CHUNK_US * num_chunks - 1,
        timestamps_estimated=False,
        truncated_at_us=None,
        cut_points=(CutPoint(pts_us=0, frame_index=0, previous_pts_us=None),),
    )
    return AnalysisRequest(
        media=media,
        path=f"/videos/{name}.mp4",
        spans=spans,
        model_version=MODEL,
        parameters=AnalysisParameters(),
        queue=queue,
    )


def _append_to_camera(watch: Stopwatch, measured: MeasuredStore, *, num_chunks: int) -> None:
    stretch = CameraStretch(
        camera="door",
        started_at=datetime(2026, 1, 1, tzinfo=UTC),
        start_us=0,
        codec_name="h264",
        width_px=1280,
        height_px=720,
        rotation_degrees=0,
        model_version=MODEL,
        parameters=AnalysisParameters(),
    )
    with measured.store.writing() as connection:
        job_id = live.begin_stretch(connection, stretch)
    assert job_id is not None, "nobody else watches this camera"
    for index in range(num_chunks):
        key = f"door:{index:064x}"
        watch.time("append_chunk", partial(_append, measured, job_id, make_span(index), key=key))


def _append(measured: MeasuredStore, job_id: str, span: ChunkSpan, *, key: str) -> None:
    with measured.store.writing() as connection:
        live.append_chunk(connection, job_id, span, fragment_key=key, num_source_frames=NUM_FRAMES)


def _ring(watch: Stopwatch, measured: MeasuredStore, *, num_chunks: int) -> None:
    for number in range(4):
        with measured.store.writing() as connection:
            job = submit(connection, make_request(f"rung {number}", num_chunks=num_chunks)).job
        chunks = [ChunkReference(job_id=job.id, chunk_index=index) for index in range(num_chunks)]
        watch.time("mark_rung", partial(_mark, measured, chunks), num_items=num_chunks)


def _mark(measured: MeasuredStore, chunks: list[ChunkReference]) -> None:
    with measured.store.writing() as connection:
        dispatch.mark_rung(connection, chunks)


def _live_through(
    watch: Stopwatch, measured: MeasuredStore, request: AnalysisRequest, *, num_frames: int, num_faces: int
) -> None:
    """Take every chunk of a request from doorbell to done."""
    with measured.store.writing() as connection:
        job = submit(connection, request).job
    for span in request.spans:
        chunk = ChunkReference(job_id=job.id, chunk_index=span.chunk_index)
        claim = watch.time("claim", partial(_claim, measured, chunk))
        if claim is None:
            continue  # of a request that was lived through before
        watch.time("heartbeat", partial(_beat, measured, claim))
        rows = make_rows(span, num_frames=num_frames, num_faces=num_faces)
        name = f"commit {num_frames} frames, {num_faces} faces each"
        watch.time(name, partial(_commit, measured, claim, rows))


def _claim(measured: MeasuredStore, chunk: ChunkReference) -> Claim | None:
    with measured.store.writing() as connection:
        return ledger.claim_chunk(connection, chunk, lease_owner="host/1/1", lease_seconds=_LEASE_SECONDS)


def _beat(measured: MeasuredStore, claim: Claim) -> None:
    with measured.store.writing() as connection:
        ledger.heartbeat(connection, claim, lease_seconds=_LEASE_SECONDS)


def _commit(measured: MeasuredStore, claim: Claim, rows: list[FrameObservation]) -> None:
    with measured.store.writing() as connection:
        ledger.commit_chunk(connection, claim, rows)


def make_span(index: int) -> ChunkSpan:
    return ChunkSpan(
        chunk_index=index,
        start_us=index * _CHUNK_US,
        end_us=(index + 1) * _CHUNK_US,
        first_frame_index=index * NUM_FRAMES,
        previous_pts_us=index * _CHUNK_US - 40_000 if index else None,
    )


def make_rows(span: ChunkSpan, *, num_frames: int, num_faces: int) -> list[FrameObservation]:
    """Return rows with figures that do not repeat: equal ones might lie closer on disk."""
    draw = random.Random(span.chunk_index)
    return [
        FrameObservation(
            frame_index=span.first_frame_index + number,
            pts_us=span.start_us + number * 1_000_000 // FPS,
            status=FrameStatus.FACE if num_faces else FrameStatus.NO_FACE,
            faces=tuple(_make_face(draw, index) for index in range(num_faces)),
        )
        for number in range(num_frames)
    ]


def _make_face(draw: random.Random, index: int) -> FaceObservation:
    weights = [draw.random() for _ in EMOTIONS]
    x, y, side = draw.uniform(0, 1000), draw.uniform(0, 500), draw.uniform(40, 200)
    return FaceObservation(
        track=index,
        face_index=index,
        face=Face(box=(x, y, x + side, y + side), score=draw.uniform(0.8, 1), landmarks=()),
        reading=Reading(
            probs=tuple(weight / sum(weights) for weight in weights), unreadable=draw.random(), abstained=False
        ),
        face_px=side,
        blur=draw.uniform(10, 500),
    )
