"""What many cameras or a large archive ask for, a second. Pure: figures in, figures out.

Knows no database and no broker: what one of each thing takes is measured elsewhere (benchmarks.scale) and handed in.
"""

from dataclasses import dataclass
from typing import Final

SECONDS_PER_DAY: Final = 86_400
_HEARTBEAT_SECONDS: Final = 15.0  # worker.analysis.leased: four a lease of 60 s
_FRAMES_A_CHUNK: Final = 600  # producer.planning


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """How much video there is to be looked at, and how closely."""

    name: str
    num_streams: float  # at once, each at the speed of life; an archive is as many as its hours fill its time
    source_fps: float = 25.0  # pictures a second that must be decoded
    sample_rate_hz: float = 25.0  # of these, looked at and stored
    faces_per_frame: float = 1.0
    chunk_seconds: float  # of video
    bits_per_second: float = 2e6  # of a stream, coded
    share_through_broker: float  # 0..1, of the chunks whose packets lie in Redis
    unfinished_jobs_per_stream: float  # in the ledger at any moment
    is_live: bool  # a watcher appends each chunk and looks at its backlog
    days_kept: float  # rows are kept for so long


def cameras(num_cameras: float, *, sample_rate_hz: float = 25.0) -> Scenario:
    """Return cameras watched as `moodline watch` does by default: fragments of two seconds through Redis."""
    return Scenario(
        name=f"{num_cameras:,.0f} cameras, {sample_rate_hz:g} frames/s",
        num_streams=num_cameras,
        sample_rate_hz=sample_rate_hz,
        chunk_seconds=2.0,
        share_through_broker=1.0,
        unfinished_jobs_per_stream=1.0,
        is_live=True,
        days_kept=30.0,
    )


def archive(num_hours: float, *, days: float, sample_rate_hz: float = 25.0) -> Scenario:
    """Return files of an hour that workers open themselves, submitted a day ahead, to be done within so many days."""
    return Scenario(
        name=f"{num_hours:,.0f} hours in {days:g} days, {sample_rate_hz:g} frames/s",
        num_streams=num_hours / (days * 24),
        sample_rate_hz=sample_rate_hz,
        chunk_seconds=_FRAMES_A_CHUNK / 25.0,
        share_through_broker=0.0,
        unfinished_jobs_per_stream=24.0,
        is_live=False,
        days_kept=days,
    )


@dataclass(frozen=True, kw_only=True)
class Growth:
    """What a query takes as something grows: a base, and so much for each."""

    base_seconds: float
    per_item_seconds: float

    def seconds(self, num_items: float) -> float:
        """Return what it takes at this size."""
        return self.base_seconds + self.per_item_seconds * num_items


@dataclass(frozen=True, kw_only=True)
class Costs:
    """What one of each thing takes, as measured. Seconds are of one core of the server, but where it says otherwise."""

    submit_chunk_seconds: float
    append_chunk_seconds: float
    mark_rung_seconds: float
    claim_seconds: float
    heartbeat_seconds: float
    commit_seconds: float  # of a chunk without rows
    frame_row_seconds: float
    face_row_seconds: float
    frame_row_bytes: float  # on disk, indices included
    face_row_bytes: float
    chunk_log_bytes: float  # write-ahead log of a chunk's whole life, without rows
    frame_log_bytes: float
    face_log_bytes: float
    due_files: Growth  # asked once a tick, by unfinished files that wait
    due_cameras: Growth  # asked once a tick, by cameras half an hour into their stretches
    lease_owners: Growth  # by chunks in workers' hands
    drop_oldest: Growth  # asked once a fragment, by cameras with a chunk that waits
    ring_wall_seconds: float  # the dispatcher's own time a doorbell: noting and ringing
    doorbell_broker_seconds: float  # sent, taken and acknowledged
    doorbell_bytes: float  # of the broker's memory while it waits
    fragment_broker_seconds_per_byte: float  # put and got once
    fragment_memory_ratio: float  # of the broker's memory to the fragment's bytes


@dataclass(frozen=True, kw_only=True)
class Assumptions:
    """What was not measured by this benchmark: sizes of nodes, and what pictures cost."""

    safety_factor: float = 2.0  # a node is planned to be half busy
    decode_seconds: float = 0.0029  # CPU, 1280x720 H.264 to RGB, one thread: notes on the stack, 2026-11-20
    analyse_seconds: float = 0.017  # CPU, exact cascade 16.2 ms and classifier: notes on performance, 2026-11-20
    cores_per_worker: float = 16.0  # slots of a worker, each with a core of its own; one dispatcher a worker
    database_cores: float = 16.0
    database_disk_bytes: float = 8e12
    database_log_bytes_per_second: float = 200e6  # written and fsynced
    database_connections: float = 500.0  # without a pooler; PostgreSQL's own default is 100
    broker_memory_bytes: float = 64e9
    broker_network_bytes_per_second: float = 1.25e9  # each way
    fragment_seconds_in_broker: float = 30.0  # as long as a backlog may be; deleted when committed

    def __post_init__(self) -> None:
        if self.safety_factor < 1:
            raise ValueError(f"safety_factor must be at least 1, got {self.safety_factor}")


@dataclass(frozen=True, kw_only=True)
class Demand:
    """What a scenario asks for, a second unless the name says otherwise."""

    chunks: float
    decoded_frames: float
    frame_rows: float
    face_rows: float
    heartbeats: float
    row_bytes_per_day: float
    log_bytes: float
    fragment_bytes: float
    fragment_memory_bytes: float
    worker_cores: float  # busy with decoding and analysing
    gpu_machines: float  # at least: as if networks took no time and 16 cores decoded
    leases: float  # chunks in workers' hands
    workers: float
    unfinished_jobs: float
    connections: float  # one a slot, two a worker besides, one a watcher


def demand_of(scenario: Scenario, costs: Costs, assumed: Assumptions) -> Demand:
    """Return what a scenario asks for."""
    streams = scenario.num_streams
    chunks = streams / scenario.chunk_seconds
    decoded, frames = streams * scenario.source_fps, streams * scenario.sample_rate_hz
    faces = frames * scenario.faces_per_frame
    fragments = streams * scenario.bits_per_second / 8 * scenario.share_through_broker
    cores = decoded * assumed.decode_seconds + frames * assumed.analyse_seconds
    return Demand(
        chunks=chunks,
        decoded_frames=decoded,
        frame_rows=frames,
        face_rows=faces,
        heartbeats=cores / _HEARTBEAT_SECONDS,
        row_bytes_per_day=SECONDS_PER_DAY * (frames * costs.frame_row_bytes + faces * costs.face_row_bytes),
        log_bytes=chunks * costs.chunk_log_bytes + frames * costs.frame_log_bytes + faces * costs.face_log_bytes,
        fragment_bytes=fragments,
        fragment_memory_bytes=fragments * assumed.fragment_seconds_in_broker * costs.fragment_memory_ratio,
        worker_cores=cores,
        gpu_machines=decoded * assumed.decode_seconds / assumed.cores_per_worker,
        leases=cores,
        workers=cores / assumed.cores_per_worker,
        unfinished_jobs=streams * scenario.unfinished_jobs_per_stream,
        connections=cores + 2 * cores / assumed.cores_per_worker + (streams if scenario.is_live else 0.0),
    )
