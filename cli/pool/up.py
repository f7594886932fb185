"""`moodline up`: a whole pool on this machine, from a package: a private Valkey, a dispatcher and workers."""

import os
from pathlib import Path
from typing import Annotated

import typer

from cli.options import DbOption
from cli.pool.worker import MetricsOption


def up(
    workers: Annotated[
        int | None, typer.Option(metavar="N", min=1, help="Chunks at once; default: one a core, or 1 on a GPU.")
    ] = None,
    device: Annotated[str | None, typer.Option(metavar="NAME", help="cpu, cuda:0; default MOODLINE_DEVICE.")] = None,
    db: DbOption = None,
    folder: Annotated[Path, typer.Option(metavar="DIR", help="Where the private Valkey keeps its queue.")] = Path(
        ".moodline"
    ),
    metrics: MetricsOption = None,
    grace: Annotated[
        float, typer.Option(metavar="SECONDS", min=0, help="How long chunks in hand may take when it is stopped.")
    ] = 30.0,
) -> None:
    """Run a pool on this machine until stopped, without a server to install; submit from another terminal.

    Ctrl-C finishes the chunks in hand, a second one gives them back. Nothing is lost either way.
    """
    from cli.pool.pool_session import hand_down, parse_address, run_worker, worker_options
    from cli.pool.private_valkey import PrivateValkey

    options = worker_options(
        concurrency=workers, device=device, queues="live,archive,pictures", grace_seconds=grace, health_file=None
    )
    with PrivateValkey(folder / "valkey") as valkey:
        hand_down("broker_url", valkey.url)
        address = _keep_address(folder, valkey.url)
        typer.echo("pool: running; in another terminal: moodline submit FILE, moodline status --follow", err=True)
        typer.echo(
            f"      for a camera: MOODLINE_BROKER_URL_FILE={address} moodline watch ADDRESS --camera NAME", err=True
        )
        run_worker(options, db_url=db, dispatches=True, metrics=parse_address(metrics) if metrics else None)


def _keep_address(folder: Path, url: str) -> Path:
    """Write the private server's address, password included, where only this user can read it."""
    path = (folder / "broker_url").absolute()
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(url)
    return path
