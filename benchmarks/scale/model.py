"""Which part is full first as streams are added, and how many of each part a scenario takes. Pure."""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from benchmarks.scale.demand import Assumptions, Costs, Demand, Scenario, demand_of

_TICKS_PER_SECOND: Final = 2.0  # worker.pool.dispatcher.TICK_SECONDS
_NO_STREAM: Final = 1e-6

_Load = Callable[[Scenario, Demand], float]


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
    num_nodes: int | None  # each with an equal share of the streams; None: one is too full before the first stream


def limits_of(costs: Costs, assumed: Assumptions) -> tuple[Limit, ...]:
    """Return every part that can be full, first those that everybody shares."""

    def limit(name: str, node: str, load: Callable[[Scenario, Demand], float], *, is_shared: bool = True) -> Limit:
        return Limit(
            name=name, node=node, is_shared=is_shared, load=lambda case: load(case, demand_of(case, costs, assumed))
        )

    shared = {**_database_loads(costs, assumed), **_broker_loads(costs, assumed)}
    cores = f"{assumed.cores_per_worker:g} cores"
    return (
        *(limit(name, node, load) for name, (node, load) in shared.items()),
        limit("workers, CPU only", cores, lambda _, d: d.workers, is_shared=False),
        limit("workers with a GPU, at least", f"1 GPU, {cores}", lambda _, d: d.gpu_machines, is_shared=False),
    )


def _database_loads(costs: Costs, assumed: Assumptions) -> dict[str, tuple[str, _Load]]:
    parts, cores = _database_parts(costs), assumed.database_cores
    node = f"database, {cores:g} cores"

    def on_database(seconds: _Load) -> _Load:
        return lambda case, demand: seconds(case, demand) / cores

    def all_of_it(case: Scenario, demand: Demand) -> float:
        return sum(part(case, demand) for part in parts.values())

    return {
        **{f"database: {name}": (node, on_database(part)) for name, part in parts.items()},
        "database: all of these": (node, on_database(all_of_it)),
        "database: connections": (
            f"{assumed.database_connections:g} connections",
            lambda _, d: d.connections / assumed.database_connections,
        ),
        "database: log written": (
            f"{assumed.database_log_bytes_per_second / 1e6:g} MB/s",
            lambda _, d: d.log_bytes / assumed.database_log_bytes_per_second,
        ),
        "database: rows kept": (
            f"{assumed.database_disk_bytes / 1e12:g} TB",
            lambda case, d: d.row_bytes_per_day * case.days_kept / assumed.database_disk_bytes,
        ),
        "dispatcher": (
            "the one that leads",
            lambda case, d: _looks(case, d, costs) + d.chunks * costs.ring_wall_seconds,
        ),
    }


def _broker_loads(costs: Costs, assumed: Assumptions) -> dict[str, tuple[str, _Load]]:
    node = "one Redis, one core"
    return {
        "broker: doorbells": (node, lambda _, d: d.chunks * costs.doorbell_broker_seconds),
        "broker: fragments": (node, lambda _, d: d.fragment_bytes * costs.fragment_broker_seconds_per_byte),
        "broker: fragments kept": (
            f"{assumed.broker_memory_bytes / 1e9:g} GB",
            lambda _, d: d.fragment_memory_bytes / assumed.broker_memory_bytes,
        ),
        "broker: network": (
            f"{assumed.broker_network_bytes_per_second * 8 / 1e9:g} Gbit/s",
            lambda _, d: d.fragment_bytes / assumed.broker_network_bytes_per_second,
        ),
    }


def _database_parts(costs: Costs) -> dict[str, _Load]:
    """Return what keeps the database's cores busy: core seconds a second, by what they do."""

    def chunk_lives(case: Scenario, demand: Demand) -> float:
        made = costs.append_chunk_seconds if case.is_live else costs.submit_chunk_seconds
        a_chunk = made + costs.mark_rung_seconds + costs.claim_seconds + costs.commit_seconds
        return demand.chunks * a_chunk + demand.heartbeats * costs.heartbeat_seconds

    return {
        "chunks' lives": chunk_lives,
        "rows": lambda _, d: d.frame_rows * costs.frame_row_seconds + d.face_rows * costs.face_row_seconds,
        "what is due": lambda case, d: _looks(case, d, costs),
        "dead leases": lambda _, d: d.workers * _TICKS_PER_SECOND * costs.lease_owners.seconds(d.leases),
        "cameras' backlogs": lambda case, d: (
            d.chunks * costs.drop_oldest.seconds(d.unfinished_jobs) if case.is_live else 0.0
        ),
    }


def _looks(scenario: Scenario, demand: Demand, costs: Costs) -> float:
    """Return the seconds a second that asking for what is due takes."""
    due = costs.due_cameras if scenario.is_live else costs.due_files
    return _TICKS_PER_SECOND * due.seconds(demand.unfinished_jobs)


def judge(scenario: Scenario, limit: Limit, assumed: Assumptions) -> Verdict:
    """Return how many nodes of a part a scenario needs. Works for loads that grow faster than the streams do."""
    carried = _streams_carried(scenario, limit, most=1 / assumed.safety_factor)
    return Verdict(
        name=limit.name,
        node=limit.node,
        is_shared=limit.is_shared,
        load=limit.load(scenario),
        streams_per_node=carried,
        num_nodes=math.ceil(scenario.num_streams / carried - 1e-9) if carried > _NO_STREAM else None,
    )


def in_order(verdicts: list[Verdict]) -> list[Verdict]:
    """Return the shared parts that a scenario uses at all, the one that is full first as streams are added first."""
    used = [verdict for verdict in verdicts if verdict.is_shared and verdict.load > 0]
    return sorted(used, key=lambda verdict: verdict.streams_per_node)


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
