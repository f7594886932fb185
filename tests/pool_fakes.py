"""Stand-ins for what a worker is made of, and a job for it to do."""

import time
from collections.abc import Callable
from pathlib import Path

from core.errors import BrokerUnavailable
from core.frames import FrameStatus
from db.archive.source_files import SourceFinder
from db.records import ChunkReference, JobRecord
from db.states import JobQueue
from db.store import Store
from db.submission import submit
from tests.factories import make_frame_observation, make_request
from tests.fragment_stores import MemoryFragmentStore
from video.fragments.fragment_store import FragmentStore
from worker.analysis.messages import ChunkRequest, ChunkResult
from worker.analysis.processes import AnalysisProcesses
from worker.pool.chunk_worker import ChunkWorker

CONTENT = b"not really a video"


class FakeProcess:
    """Finds one frame without a face at the start of every span; `on_chunk` may do or raise anything before."""

    def __init__(self, on_chunk: Callable[[], None] = lambda: None) -> None:
        self._on_chunk = on_chunk
        self.requests: list[ChunkRequest] = []
        self.num_stops = 0

    def analyse_chunk(self, request: ChunkRequest, *, on_tick: Callable[[int], None]) -> ChunkResult:
        self.requests.append(request)
        on_tick(0)
        self._on_chunk()
        frame = make_frame_observation(
            pts_us=request.span.start_us, frame_index=request.span.first_frame_index, status=FrameStatus.NO_FACE
        )
        return ChunkResult(frames=(frame,), faults=())

    def stop(self) -> None:
        self.num_stops += 1


class FakeDoorbell:
    """Keeps what was rung; a worker is played by `answer_all`."""

    def __init__(self) -> None:
        self.waiting: dict[JobQueue, list[ChunkReference]] = {queue: [] for queue in JobQueue}
        self.num_rings = 0
        self.rings_until_away: int | None = None  # so many rings succeed, then the broker is away

    def ring(self, queue: JobQueue, chunk: ChunkReference) -> None:
        if self.rings_until_away is not None:
            if self.rings_until_away == 0:
                raise BrokerUnavailable("the broker is away")
            self.rings_until_away -= 1
        self.waiting[queue].append(chunk)
        self.num_rings += 1

    def num_waiting(self, queue: JobQueue) -> int:
        return len(self.waiting[queue])

    def answer_all(self, worker: ChunkWorker, queue: JobQueue = JobQueue.ARCHIVE) -> None:
        while self.waiting[queue]:
            worker.answer(self.waiting[queue].pop(0))


def write_source(folder: Path, name: str = "clip.mp4") -> Path:
    """Write what stands for a video."""
    path = folder / name
    path.write_bytes(CONTENT)
    return path


def submit_job(
    store: Store, path: Path, *, num_chunks: int = 3, queue: JobQueue = JobQueue.ARCHIVE, name: str = "clip"
) -> JobRecord:
    """Submit a job whose source is the file, as it is now."""
    request = make_request(
        name,
        num_chunks=num_chunks,
        path=str(path),
        queue=queue,
        content=path.read_bytes(),
        modified_ns=path.stat().st_mtime_ns,
    )
    with store.writing() as connection:
        return submit(connection, request).job


def make_worker(
    store: Store,
    process: FakeProcess | None = None,
    *,
    is_stopping: Callable[[], bool] = lambda: False,
    start: Callable[[str], FakeProcess] | None = None,
    fragments: FragmentStore | None = None,
    lease_owner: str = "host/1/1",
    lease_seconds: float = 60.0,
) -> ChunkWorker:
    """Return a worker over fakes."""
    started = process or FakeProcess()
    return ChunkWorker(
        store=store,
        processes=AnalysisProcesses(start or (lambda _version: started)),  # type: ignore[arg-type, return-value]
        sources=SourceFinder(),
        fragments=fragments or MemoryFragmentStore(max_fragment_bytes=1_000_000, now=time.monotonic),
        lease_owner=lease_owner,
        lease_seconds=lease_seconds,
        is_stopping=is_stopping,
    )
