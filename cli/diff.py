"""`moodline diff`: how often and where two generations say something else, of a media or of a whole archive."""

import json
import sys
from typing import TYPE_CHECKING, Annotated, Final

import typer

from cli.options import DbOption, store_url
from core.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cli.render_diff import MediaDiff
    from db.model_generations import GenerationPair
    from db.store import Store

#: So many media, those with the most changes, are listed on a screen; --json names all.
_NUM_MEDIA_SHOWN: Final = 10


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
    from cli.render_diff import MediaDiff, media_document, render_media_diff
    from cli.terminal import console_for
    from db.generation_diff import diff_generations
    from db.jobs import find_job
    from db.media import get_media

    with store.reading() as connection:
        one, other = find_job(connection, before), find_job(connection, after)
        found = MediaDiff(
            path=get_media(connection, one.media_id).path,
            before=one,
            after=other,
            diff=diff_generations(connection, one.id, other.id),
        )
    if as_json:
        typer.echo(json.dumps(media_document(found)))
    else:
        console_for(sys.stdout).print(render_media_diff(found))


def _diff_models(store: "Store", before: str, after: str, *, as_json: bool) -> None:
    from cli.render_diff import ArchiveDiff, archive_document, media_document, render_archive_diff
    from cli.terminal import console_for
    from core.comparison import GenerationDiff
    from db.model_generations import find_model_version, paired_generations

    with store.reading() as connection:
        versions = find_model_version(connection, before), find_model_version(connection, after)
        if versions[0] == versions[1]:
            raise InputError(f"--model {before} and --model {after} are both {versions[0]}: name two models")
        pairs = paired_generations(connection, *versions)
    total, most_changed = GenerationDiff(), list["MediaDiff"]()
    for found in _diffs(store, pairs):
        if as_json:
            typer.echo(json.dumps(media_document(found)))
        total += found.diff
        most_changed = sorted([*most_changed, found], key=lambda media: -media.diff.num_readings_changed)
        del most_changed[_NUM_MEDIA_SHOWN:]
    archive = ArchiveDiff(
        before_version=versions[0],
        after_version=versions[1],
        num_media=sum(pair.after_job_id is not None for pair in pairs),
        num_media_without_after=sum(pair.after_job_id is None for pair in pairs),
        diff=total,
        most_changed=tuple(most_changed),
    )
    if as_json:
        typer.echo(json.dumps(archive_document(archive)))
    else:
        console_for(sys.stdout).print(render_archive_diff(archive))


def _diffs(store: "Store", pairs: "list[GenerationPair]") -> "Iterator[MediaDiff]":
    """Compare media by media, each in a transaction of its own: an archive takes long, and writers must not wait."""
    from cli.render_diff import MediaDiff
    from db.generation_diff import diff_generations
    from db.jobs import get_job

    for pair in pairs:
        if pair.after_job_id is None:
            continue
        with store.reading() as connection:
            yield MediaDiff(
                path=pair.path,
                before=get_job(connection, pair.before_job_id),
                after=get_job(connection, pair.after_job_id),
                diff=diff_generations(connection, pair.before_job_id, pair.after_job_id),
            )
