"""What many cameras or a large archive ask of each part, and how many of each part that takes. Pure: figures in and out.

Knows no database and no broker: what one node can do is measured elsewhere (benchmarks.scale) and handed in.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

SECONDS_PER_DAY: Final = 86_400
_HEARTBEAT_SECONDS: Final = 15.0  # worker.leased_analysis: four a lease of 60 s
_TICKS_PER_SECOND: Final = 2.0  # worker.dispatcher.TICK_SECONDS
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
    """Return files that workers open themselves, an hour each, submitted a day ahead, to be done within so many days."""
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
    due_chunks: Growth  # by unfinished jobs
    lease_owners: Growth  # by chunks in workers' hands
    drop_oldest: Growth  # by unfinished jobs
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
    )


@dataclass(frozen=True, kw_only=True)
class Limit:
    """A part that can be full."""

    name: str
    node: str  # what one of it is
    is_shared: bool  # false: more of it is simply started
    load: Callable[[Scenario], float]  # how much of one node, 1 being all of it


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """How far one node of a part goes, and how many a scenario needs."""

    name: str
    node: str
    is_shared: bool
    load: float  # of one node, if one had to carry all
    streams_per_node: float  # safety factor included
    num_nodes: int  # each with an equal share of the streams


def limits_of(costs: Costs, assumed: Assumptions) -> tuple[Limit, ...]:
    """Return every part that can be full, first those that everybody shares."""
    database, broker = f"database, {assumed.database_cores:g} cores", "one Redis, one core"

    def limit(name: str, node: str, load: Callable[[Scenario, Demand], float], *, is_shared: bool = True) -> Limit:
        return Limit(
            name=name, node=node, is_shared=is_shared, load=lambda case: load(case, demand_of(case, costs, assumed))
        )

    def on_database(seconds: Callable[[Scenario, Demand], float]) -> Callable[[Scenario, Demand], float]:
        return lambda case, demand: seconds(case, demand) / assumed.database_cores

    def all_of_it(case: Scenario, demand: Demand) -> float:
        return sum(part(case, demand) for part in parts.values())

    parts = _database_parts(costs)
    return (
        *(limit(f"database: {name}", database, on_database(part)) for name, part in parts.items()),
        limit("database: all of these", database, on_database(all_of_it)),
        limit("database: log written", database, lambda _, d: d.log_bytes / assumed.database_log_bytes_per_second),
        limit(
            "database: rows kept",
            f"{assumed.database_disk_bytes / 1e12:g} TB",
            lambda case, d: d.row_bytes_per_day * case.days_kept / assumed.database_disk_bytes,
        ),
        limit("dispatcher", "the one that leads", lambda _, d: _dispatcher_load(d, costs)),
        limit("broker: doorbells", broker, lambda _, d: d.chunks * costs.doorbell_broker_seconds),
        limit("broker: fragments", broker, lambda _, d: d.fragment_bytes * costs.fragment_broker_seconds_per_byte),
        limit(
            "broker: fragments kept",
            f"{assumed.broker_memory_bytes / 1e9:g} GB",
            lambda _, d: d.fragment_memory_bytes / assumed.broker_memory_bytes,
        ),
        limit(
            "broker: network", "10 Gbit/s", lambda _, d: d.fragment_bytes / assumed.broker_network_bytes_per_second
        ),
        limit("workers, CPU only", f"{assumed.cores_per_worker:g} cores", lambda _, d: d.workers, is_shared=False),
        limit(
            "workers with a GPU, at least",
            f"1 GPU, {assumed.cores_per_worker:g} cores",
            lambda _, d: d.gpu_machines,
            is_shared=False,
        ),
    )


def _database_parts(costs: Costs) -> dict[str, Callable[[Scenario, Demand], float]]:
    """Return what keeps the database's cores busy: core seconds a second, by what they do."""

    def chunk_lives(case: Scenario, demand: Demand) -> float:
        made = costs.append_chunk_seconds if case.is_live else costs.submit_chunk_seconds
        a_chunk = made + costs.mark_rung_seconds + costs.claim_seconds + costs.commit_seconds
        return demand.chunks * a_chunk + demand.heartbeats * costs.heartbeat_seconds

    return {
        "chunks' lives": chunk_lives,
        "rows": lambda _, d: d.frame_rows * costs.frame_row_seconds + d.face_rows * costs.face_row_seconds,
        "what is due": lambda _, d: 2 * _TICKS_PER_SECOND * costs.due_chunks.seconds(d.unfinished_jobs),
        "dead leases": lambda _, d: d.workers * _TICKS_PER_SECOND * costs.lease_owners.seconds(d.leases),
        "cameras' backlogs": lambda case, d: (
            d.chunks * costs.drop_oldest.seconds(d.unfinished_jobs) if case.is_live else 0.0
        ),
    }


def _dispatcher_load(demand: Demand, costs: Costs) -> float:
    looks = 2 * _TICKS_PER_SECOND * costs.due_chunks.seconds(demand.unfinished_jobs)  # two queues
    return looks + demand.chunks * costs.ring_wall_seconds


def judge(scenario: Scenario, limit: Limit, assumed: Assumptions) -> Verdict:
    """Return how many nodes of a part a scenario needs. Works for loads that grow faster than the streams do."""
    carried = _streams_carried(scenario, limit, most=1 / assumed.safety_factor)
    return Verdict(
        name=limit.name,
        node=limit.node,
        is_shared=limit.is_shared,
        load=limit.load(scenario),
        streams_per_node=carried,
        num_nodes=math.ceil(scenario.num_streams / carried - 1e-9) if carried > 0 else 0,
    )


def first_limit(verdicts: list[Verdict]) -> Verdict:
    """Return the shared part that is full first as streams are added."""
    return min((verdict for verdict in verdicts if verdict.is_shared), key=lambda verdict: verdict.streams_per_node)


def _streams_carried(scenario: Scenario, limit: Limit, *, most: float) -> float:
    """Return the number of streams at which the load is `most`: bisected, as loads need not be linear."""
    low, high = 0.0, 1.0
    while limit.load(replace(scenario, num_streams=high)) < most and high < 1e15:
        low, high = high, 2 * high
    for _ in range(60):
        middle = (low + high) / 2
        if limit.load(replace(scenario, num_streams=middle)) < most:
            low = middle
        else:
            high = middle
    return high
