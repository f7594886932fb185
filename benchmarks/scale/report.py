"""What benchmarks.scale found, as tables for a terminal. Knows no database and no broker."""

from collections.abc import Mapping
from dataclasses import asdict

from benchmarks.scale.broker import BrokerCosts
from benchmarks.scale.demand import Demand
from benchmarks.scale.growth import GrowthMeasured
from benchmarks.scale.ledger import NUM_FRAMES, Step
from benchmarks.scale.model import Verdict, in_order


def render_ledger(
    name: str,
    meter: str,
    steps: Mapping[str, Step],
    row_bytes: Mapping[str, float],
    growth: Mapping[str, GrowthMeasured],
) -> str:
    """Return what was measured of a store."""
    lines = [f"\n{name}: ms of {meter}, ms of wall time at one client, bytes of log"]
    lines += [
        f"  {step:34} {taken.busy_seconds * 1e3:9.3f} {taken.wall_seconds * 1e3:9.3f} {taken.log_bytes:9,.0f}"
        for step, taken in steps.items()
    ]
    full = steps[f"commit {NUM_FRAMES} frames, 1 faces each"].wall_seconds
    lines.append(f"  rows inserted a second at one client: {2 * NUM_FRAMES / full:,.0f}")
    lines.append("  " + ", ".join(f"{what}: {size:.0f}" for what, size in row_bytes.items()))
    for question, found in growth.items():
        times = ", ".join(f"{size:,}: {seconds * 1e3:.2f} ms" for size, seconds in found.seconds_by_size.items())
        lines.append(f"  {question:20} by {found.grows:17} {times}; {_index_used(found.plan)}")
    return "\n".join(lines)


def render_broker(broker: BrokerCosts) -> str:
    """Return what was measured of the broker."""
    return "\n".join(
        (
            "\nValkey",
            f"  doorbells: {1 / broker.ring_wall_seconds:,.0f}/s at one ringer,"
            f" {1 / broker.doorbell_server_seconds:,.0f}/s by the server's CPU,"
            f" {broker.doorbell_bytes:,.0f} bytes each",
            f"  fragments: put {broker.put_bytes_per_wall_second / 1e6:,.0f} MB/s,"
            f" got {broker.get_bytes_per_wall_second / 1e6:,.0f} MB/s at one client,"
            f" {1e-6 / broker.fragment_server_seconds_per_byte:,.0f} MB/s put and got by the server's CPU,"
            f" memory {broker.fragment_memory_ratio:.2f} of their bytes",
        )
    )


def render_table(title: str, figures: Mapping[str, float]) -> str:
    """Return names and figures."""
    return "\n".join([f"\n{title}", *(f"  {name:40} {figure:>18,.6g}" for name, figure in figures.items())])


def render_carried(name: str, demand: Demand, verdicts: list[Verdict]) -> str:
    """Return what a scenario asks for, and what that takes."""
    lines = [render_table(f"{name} ask for, a second unless named", asdict(demand))]
    lines.append(f"  {'part':30} {'one of it':22} {'load of one':>12} {'streams each':>13} {'needed':>9}")
    lines += [
        f"  {verdict.name:30} {verdict.node:22} {verdict.load:12,.2f} {verdict.streams_per_node:13,.0f}"
        f" {'no number' if verdict.num_nodes is None else f'{verdict.num_nodes:,}':>9}"
        for verdict in verdicts
        if verdict.load > 0
    ]
    first = [f"{verdict.name} ({verdict.streams_per_node:,.0f} streams)" for verdict in in_order(verdicts)]
    lines.append(f"  full first, of what all share: {', then '.join(first[:4])}")
    return "\n".join(lines)


def _index_used(plan: str) -> str:
    partial = [index for index in ("ix_chunk_waiting", "ix_chunk_leased", "ix_job_unfinished") if index in plan]
    return "plan names " + ", ".join(partial) if partial else "plan names no partial index"
