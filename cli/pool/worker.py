"""`moodline worker` and `moodline dispatcher`: the pool's processes."""

from pathlib import Path
from typing import Annotated

import typer

from cli.options import DbOption

QueuesOption = Annotated[
    str,
    typer.Option(
        metavar="NAMES", help="Which queues to serve, with commas: live, archive, and pictures that somebody waits for."
    ),
]

MetricsOption = Annotated[
    str | None, typer.Option(metavar="[HOST:]PORT", help="Serve /metrics for Prometheus and /healthz there.")
]


def worker(
    concurrency: Annotated[
        int | None, typer.Option(metavar="N", min=1, help="Chunks at once; default: one a core, or 1 on a GPU.")
    ] = None,
    device: Annotated[str | None, typer.Option(metavar="NAME", help="cpu, cuda:0; default MOODLINE_DEVICE.")] = None,
    queues: QueuesOption = "live,archive,pictures",
    db: DbOption = None,
    grace: Annotated[
        float, typer.Option(metavar="SECONDS", min=0, help="How long chunks in hand may take when it is stopped.")
    ] = 30.0,
    dispatcher: Annotated[
        bool, typer.Option("--dispatcher/--no-dispatcher", help="Dispatch beside the work; one worker of a pool must.")
    ] = True,
    health_file: Annotated[
        Path | None, typer.Option(metavar="PATH", help="A file to touch every ten seconds, for health checks.")
    ] = None,
    metrics: MetricsOption = None,
) -> None:
    """Work chunks off until stopped: Ctrl-C or SIGTERM finishes what is in hand, a second one gives it back."""
    from cli.pool.pool_session import parse_address, run_worker, worker_options

    run_worker(
        worker_options(
            concurrency=concurrency, device=device, queues=queues, grace_seconds=grace, health_file=health_file
        ),
        db_url=db,
        dispatches=dispatcher,
        metrics=parse_address(metrics) if metrics else None,
    )


def dispatcher(db: DbOption = None, metrics: MetricsOption = None) -> None:
    """Dispatch only, beside workers that were started with --no-dispatcher."""
    from cli.pool.pool_session import parse_address, run_dispatcher

    run_dispatcher(db_url=db, metrics=parse_address(metrics) if metrics else None)
