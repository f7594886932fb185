"""`moodline cancel`, `pause` and `resume`: what a person does to a job that is under way."""

import typer

from cli.options import DbOption, store_url
from cli.pool.jobs import JobArgument
from core.errors import InputError
from core.wording import counted


def cancel(job: JobArgument, db: DbOption = None) -> None:
    """Give a job up. What is stored stays; chunks in hand stop at their next frame and store nothing."""
    from db import jobs
    from db.queue import control
    from db.store import open_existing_store

    store = open_existing_store(store_url(db))
    with store.writing() as connection:
        found = jobs.find_job(connection, job)
        if not control.cancel(connection, found.id):
            raise InputError(f"job {found.id} is {found.state} already: there is nothing to cancel")
    store.close()
    typer.echo(f"job {found.id}: cancelled; {found.num_chunks_done} of {found.num_chunks} chunks are stored")


def pause(job: JobArgument, db: DbOption = None) -> None:
    """Let a job rest: chunks in hand are finished, no other is begun."""
    from db import jobs
    from db.queue import control
    from db.store import open_existing_store

    store = open_existing_store(store_url(db))
    with store.writing() as connection:
        found = jobs.find_job(connection, job)
        if not control.pause(connection, found.id):
            raise InputError(f"job {found.id} is {found.state} already: there is nothing to pause")
    store.close()
    typer.echo(f"job {found.id}: paused; `moodline resume {found.id}` lets it go on")


def resume(job: JobArgument, db: DbOption = None) -> None:
    """Let a paused job go on, or try the failed chunks of one that ended with errors again."""
    from db import jobs
    from db.queue import control
    from db.store import open_existing_store

    store = open_existing_store(store_url(db))
    with store.writing() as connection:
        found = control.resume(connection, jobs.find_job(connection, job).id)
    store.close()
    typer.echo(f"job {found.id}: {counted(found.num_chunks - found.num_chunks_done, 'chunk')} to do")
