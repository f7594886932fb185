"""What 10,000 cameras or 10 million archived hours ask of ledger, rows, broker and workers; which limit comes first.

python -m benchmarks.scale [--json] [--db URL] [--cameras N] [--hours N --days N]

Measures each part on this machine with the product's own code, in less than a minute, and carries that forward with
benchmarks.scale.model. No network is run: what pictures cost is assumed, and printed with all other assumptions.
docs/scale.md says what to make of it. --db names an EMPTY PostgreSQL database, which is emptied again.
"""

import argparse
import json
import sys
import tempfile
import time
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from benchmarks.scale.broker import BrokerCosts, measure_broker
from benchmarks.scale.demand import Assumptions, Costs, Demand, Scenario, archive, cameras, demand_of
from benchmarks.scale.growth import GrowthMeasured, empty, measure_growth, shapes
from benchmarks.scale.ledger import NUM_FRAMES, Step, measure_chunks
from benchmarks.scale.model import Verdict, in_order, judge, limits_of
from benchmarks.scale.report import render_broker, render_carried, render_ledger, render_table
from benchmarks.scale.stores import MeasuredStore, given_store, has_own_postgresql, own_postgresql, sqlite_store
from core.errors import MoodlineError

_NUM_ROUNDS = 20  # of chunks of 600 frames
_RATES_HZ = (25.0, 5.0)  # every frame, as is the default; and what a person would still call a timeline


@dataclass(frozen=True, kw_only=True)
class LedgerMeasured:
    """All that was measured of one store."""

    name: str
    meter: str
    steps: dict[str, Step]
    row_bytes: dict[str, float]
    growth: dict[str, GrowthMeasured]


@dataclass(frozen=True, kw_only=True)
class Carried:
    """A scenario carried forward."""

    scenario: Scenario
    demand: Demand
    verdicts: list[Verdict]
    first: list[str]  # shared parts in the order in which they are full


def measure_ledger(measured: MeasuredStore) -> LedgerMeasured:
    """Measure one store, and leave it empty."""
    empty(measured)
    steps, row_bytes = measure_chunks(measured, num_rounds=_NUM_ROUNDS)
    growth = {name: found for shape in shapes() for name, found in measure_growth(measured, shape).items()}
    empty(measured)
    return LedgerMeasured(name=measured.name, meter=measured.meter, steps=steps, row_bytes=row_bytes, growth=growth)


def costs_of(ledger: LedgerMeasured, broker: BrokerCosts) -> Costs:
    """Put what was measured into the model's words."""
    steps, growth = ledger.steps, ledger.growth
    bare, frames, faces = (
        steps[name]
        for name in (
            "commit 1 frames, 0 faces each",
            f"commit {NUM_FRAMES} frames, 0 faces each",
            f"commit {NUM_FRAMES} frames, 1 faces each",
        )
    )
    lives = (steps["append_chunk"], steps["mark_rung"], steps["claim"], bare)
    return Costs(
        submit_chunk_seconds=steps["submit_chunk"].busy_seconds,
        append_chunk_seconds=steps["append_chunk"].busy_seconds,
        mark_rung_seconds=steps["mark_rung"].busy_seconds,
        claim_seconds=steps["claim"].busy_seconds,
        heartbeat_seconds=steps["heartbeat"].busy_seconds,
        commit_seconds=bare.busy_seconds,
        frame_row_seconds=(frames.busy_seconds - bare.busy_seconds) / (NUM_FRAMES - 1),
        face_row_seconds=(faces.busy_seconds - frames.busy_seconds) / NUM_FRAMES,
        **ledger.row_bytes,
        chunk_log_bytes=sum(step.log_bytes for step in lives),
        frame_log_bytes=(frames.log_bytes - bare.log_bytes) / (NUM_FRAMES - 1),
        face_log_bytes=(faces.log_bytes - frames.log_bytes) / NUM_FRAMES,
        due_files=growth["due, files"].fitted(),
        due_cameras=growth["due, cameras"].fitted(),
        lease_owners=growth["who holds leases"].fitted(),
        drop_oldest=growth["a camera's backlog"].fitted(),
        ring_wall_seconds=steps["mark_rung"].wall_seconds + broker.ring_wall_seconds,
        doorbell_broker_seconds=broker.doorbell_server_seconds,
        doorbell_bytes=broker.doorbell_bytes,
        fragment_broker_seconds_per_byte=broker.fragment_server_seconds_per_byte,
        fragment_memory_ratio=broker.fragment_memory_ratio,
    )


def carry(scenario: Scenario, costs: Costs, assumed: Assumptions) -> Carried:
    """Say what a scenario asks for, and how many of each part that takes."""
    verdicts = [judge(scenario, limit, assumed) for limit in limits_of(costs, assumed)]
    return Carried(
        scenario=scenario,
        demand=demand_of(scenario, costs, assumed),
        verdicts=verdicts,
        first=[verdict.name for verdict in in_order(verdicts)],
    )


def measure(db: str | None) -> tuple[list[LedgerMeasured], BrokerCosts]:
    """Measure SQLite, a PostgreSQL where there is one, and a private Valkey."""
    with tempfile.TemporaryDirectory() as folder:
        opened: list[AbstractContextManager[MeasuredStore]] = [sqlite_store(Path(folder))]
        if db is not None:
            opened.append(given_store(db))
        elif has_own_postgresql():
            opened.append(own_postgresql())
        ledgers = []
        for context in opened:
            with context as measured:
                ledgers.append(measure_ledger(measured))
    return ledgers, measure_broker()


def report(arguments: argparse.Namespace) -> None:
    """Measure, carry forward, print."""
    began = time.monotonic()
    ledgers, broker = measure(arguments.db)
    basis = ledgers[-1]
    # Where wall time is all that is known, or one writer all there is, more cores are not counted on.
    assumed = Assumptions() if basis.meter.startswith("CPU") else replace(Assumptions(), database_cores=1.0)
    costs = costs_of(basis, broker)
    scenarios = [cameras(arguments.cameras, sample_rate_hz=rate) for rate in _RATES_HZ]
    scenarios += [archive(arguments.hours, days=arguments.days, sample_rate_hz=rate) for rate in _RATES_HZ]
    carried = [carry(scenario, costs, assumed) for scenario in scenarios]
    seconds = time.monotonic() - began
    if arguments.json:
        document: dict[str, Any] = {"ledgers": [asdict(ledger) for ledger in ledgers], "broker": asdict(broker)}
        document |= {"costs": asdict(costs), "assumed": asdict(assumed), "seconds": round(seconds, 1)}
        print(json.dumps(document | {"scenarios": [asdict(one) for one in carried]}))
        return
    for ledger in ledgers:
        print(render_ledger(ledger.name, ledger.meter, ledger.steps, ledger.row_bytes, ledger.growth))
    print(render_broker(broker))
    print(render_table(f"assumed (database figures from {basis.name})", asdict(assumed)))
    for one in carried:
        print(render_carried(one.scenario.name, one.demand, one.verdicts))
    print(f"measured and carried forward in {seconds:.0f} s")


def main() -> None:
    """Read the command line; a fault is one line."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.scale", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--json", action="store_true", help="print one JSON document, plans included")
    parser.add_argument("--db", metavar="URL", help="an empty PostgreSQL database; default: one of our own, if we can")
    parser.add_argument("--cameras", type=float, default=10_000)
    parser.add_argument("--hours", type=float, default=10e6)
    parser.add_argument("--days", type=float, default=365)
    try:
        report(parser.parse_args())
    except MoodlineError as error:
        sys.exit(f"{error}")


if __name__ == "__main__":
    main()
