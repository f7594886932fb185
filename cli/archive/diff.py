"""`moodline diff`: how often and where two generations say something else, of a media or of a whole archive."""

import json
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from cli.options import DbOption, store_url
from core.errors import InputError

if TYPE_CHECKING:
    from db.store import Store


def diff(
    jobs: Annotated[
        list[str] | None, typer.Argument(metavar="[BEFORE AFTER]", help="Two jobs of one media, by id or its start.")
    ] = None,
    models: Annotated[
        list[str] | None,
        typer.Option("--model", metavar="NAME|VERSION", help="Twice: compare all media that both have finished."),
    ] = None,
    db: DbOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object a media, then one of all.")] = False,
) -> None:
    """Compare two generations face by face: labels that changed, abstentions, probabilities, and where.

    What the figures mean: docs/reprocessing.md.
    """
    from db.store import open_existing_store

    if len(jobs or []) + len(models or []) != 2 or (jobs and models):
        raise InputError("write `moodline diff BEFORE AFTER` with two jobs, or `moodline diff --model M1 --model M2`")
    store = open_existing_store(store_url(db))
    try:
        if jobs:
            _diff_jobs(store, jobs[0], jobs[1], as_json=as_json)
        elif models:
            _diff_models(store, models[0], models[1], as_json=as_json)
    finally:
        store.close()


def _diff_jobs(store: "Store", before: str, after: str, *, as_json: bool) -> None:
    from api.comparing import diff_jobs
    from api.documents.differences import media_document
    from cli.rendering.diff import render_media_diff
    from cli.terminal import console_for

    found = diff_jobs(store, before, after)
    if as_json:
        typer.echo(json.dumps(media_document(found)))
    else:
        console_for(sys.stdout).print(render_media_diff(found))


def _diff_models(store: "Store", before: str, after: str, *, as_json: bool) -> None:
    from api.comparing import diff_models
    from api.documents.differences import MediaDiff, archive_document, media_document
    from cli.rendering.diff import render_archive_diff
    from cli.terminal import console_for

    def say(found: MediaDiff) -> None:
        if as_json:
            typer.echo(json.dumps(media_document(found)))

    archive = diff_models(store, before, after, on_media=say)
    if as_json:
        typer.echo(json.dumps(archive_document(archive)))
    else:
        console_for(sys.stdout).print(render_archive_diff(archive))
