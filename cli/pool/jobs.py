"""`moodline jobs` and `moodline status`: what is being done, how far it is, and what went wrong."""

import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.options import DbOption, store_url
from core.wording import counted

if TYPE_CHECKING:
    from rich.table import Table

    from db.queue.progress import JobProgress
    from db.store import Store

JobArgument = Annotated[str, typer.Argument(metavar="JOB", help="A job's id, or the start of one.")]

_FOLLOW_SECONDS = 1.0


def jobs(
    db: DbOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object a job.")] = False,
) -> None:
    """List every job in the store, the newest first."""
    from db.jobs import list_jobs
    from db.queue.progress import job_progress
    from db.store import open_existing_store

    store = open_existing_store(store_url(db))
    with store.reading() as connection:
        found = [job_progress(connection, job.id) for job in list_jobs(connection)]
    store.close()
    _print(found, as_json=as_json, nothing="no job yet; `moodline submit FILE` makes one")


def status(
    job: Annotated[
        str | None, typer.Argument(metavar="JOB", help="A job's id, or its start; default: all unfinished.")
    ] = None,
    follow: Annotated[bool, typer.Option("--follow", help="Look again each second until all are over.")] = False,
    db: DbOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object a job and look.")] = False,
) -> None:
    """Show how far jobs are: chunks, frames a second, time left, errors by code; and the workers that are here."""
    from db.store import open_existing_store

    store = open_existing_store(store_url(db))
    try:
        if follow and not as_json and sys.stdout.isatty():
            _follow_on_screen(store, job)
        else:
            _report(store, job, follow=follow, as_json=as_json)
    finally:
        store.close()


def _look(store: "Store", reference: str | None) -> "list[JobProgress]":
    from db.jobs import find_job
    from db.queue.progress import job_progress, unfinished_job_ids

    with store.reading() as connection:
        ids = [find_job(connection, reference).id] if reference else unfinished_job_ids(connection)
        return [job_progress(connection, job_id) for job_id in ids]


def _report(store: "Store", reference: str | None, *, follow: bool, as_json: bool) -> None:
    while True:
        found = _look(store, reference)
        _print(found, as_json=as_json, nothing="no unfinished job")
        if not as_json:
            typer.echo(_workers_line(store))
        if not follow or all(progress.job.finished_at is not None for progress in found):
            return
        time.sleep(_FOLLOW_SECONDS)


def _follow_on_screen(store: "Store", reference: str | None) -> None:
    from rich.console import Group
    from rich.live import Live
    from rich.text import Text

    found = _look(store, reference)
    ids = [progress.job.id for progress in found]
    with Live(refresh_per_second=4) as live:
        while True:
            found = [progress for job_id in ids for progress in _look(store, job_id)]
            live.update(Group(_table(found), Text(_workers_line(store), style="dim")))
            if all(progress.job.finished_at is not None for progress in found):
                return
            time.sleep(_FOLLOW_SECONDS)


def _workers_line(store: "Store") -> str:
    from db.queue.roster import list_workers

    with store.reading() as connection:
        workers = list_workers(connection)
    if not workers:
        return "no worker is here; `moodline worker` starts one"
    num_slots = sum(worker.num_slots for worker in workers)
    return f"{counted(len(workers), 'worker')}, {counted(num_slots, 'chunk')} at once"


def _print(found: "list[JobProgress]", *, as_json: bool, nothing: str) -> None:
    from cli.terminal import console_for

    if as_json:
        for progress in found:
            typer.echo(json.dumps(document_of(progress)))
        return
    console_for(sys.stdout).print(_table(found) if found else nothing)


def _table(found: "list[JobProgress]") -> "Table":
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("job", no_wrap=True)
    table.add_column("file")
    table.add_column("state", no_wrap=True)
    for name in ("chunks", "frames", "frames/s", "left"):
        table.add_column(name, justify="right", no_wrap=True)
    for name in ("queue", "model", "errors"):
        table.add_column(name)
    for progress in found:
        job = progress.job
        is_over = job.finished_at is not None
        table.add_row(
            job.id,
            Path(progress.path).name,
            "paused" if job.is_paused and not is_over else job.state.value,
            f"{job.num_chunks_done + job.num_chunks_failed}/{job.num_chunks}",
            str(job.num_frames),
            "" if is_over else f"{progress.frames_per_second:.1f}",
            "" if is_over or progress.seconds_left is None else _in_words(progress.seconds_left),
            f"{job.queue.value}, {job.priority}",
            job.model_version_id,
            ", ".join(f"{code} {count}" for code, count in progress.num_chunks_by_error.items()),
        )
    return table


def _in_words(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


def document_of(progress: "JobProgress") -> dict[str, Any]:
    """Return a job and how far it is as a JSON object."""
    from api.documents.jobs import progress_document

    return {**progress_document(progress), "path": progress.path, "error_message": progress.job.error_message}
