"""`moodline generations` and `moodline activate`: what lies beside each other in the store, and which of it is read."""

import json
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from cli.options import DbOption, store_url
from core.errors import InputError

if TYPE_CHECKING:
    from db.archive.generations import Generation
    from db.archive.model_generations import ModelGenerations, Switch


def generations(
    media: Annotated[
        str | None, typer.Argument(metavar="[ID|PATH]", help="A media's id or its file; default: all, by model.")
    ] = None,
    db: DbOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object a generation, or a model.")] = False,
) -> None:
    """List a media's generations and which one is read; without a media, what the store holds by model version."""
    if media is None:
        _list_models(store_url(db), as_json=as_json)
    else:
        _list_generations(store_url(db), media, as_json=as_json)


def activate(
    job: Annotated[str | None, typer.Argument(metavar="[JOB]", help="A finished job's id, or its start.")] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Every media with a finished generation of --model.")
    ] = False,
    model: Annotated[str | None, typer.Option(metavar="NAME|VERSION", help="With --all: the model to read.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="With --all: only say what would be done.")] = False,
    db: DbOption = None,
) -> None:
    """Let readers see another generation from now on: a job's, or a model's wherever it is finished, at one stroke."""
    if job is not None and not (everything or model or dry_run):
        _activate_job(store_url(db), job)
    elif job is None and everything and model is not None:
        _activate_model(store_url(db), model, dry_run=dry_run)
    else:
        raise InputError("write `moodline activate JOB`, or `moodline activate --all --model NAME|VERSION [--dry-run]`")


def _list_generations(db_url: str, reference: str, *, as_json: bool) -> None:
    from rich.table import Table

    from api.documents.generations import generation_document
    from cli.terminal import console_for
    from db.archive.generations import list_generations
    from db.stored_media import open_media

    with open_media(db_url, reference) as found, found.store.reading() as connection:
        listed = list_generations(connection, found.media.id)
    if as_json:
        for generation in listed:
            typer.echo(json.dumps(generation_document(generation)))
        return
    table = Table(box=None, pad_edge=False, header_style="bold", title=found.media.path, title_justify="left")
    for name in ("job", "read", "model", "state"):
        table.add_column(name, no_wrap=True)
    for name in ("frames", "faces"):
        table.add_column(name, justify="right")
    for name in ("submitted", "parameters"):
        table.add_column(name)
    for generation in listed:
        job = generation.job
        table.add_row(
            job.id,
            "yes" if generation.is_active else "",
            job.model_version_id,
            job.state.value,
            str(job.num_frames),
            str(job.num_faces),
            f"{job.created_at:%Y-%m-%d %H:%M}Z",
            parameters_text(generation),
        )
    console_for(sys.stdout).print(table)


def parameters_text(generation: "Generation") -> str:
    """Return a generation's parameters in a few words."""
    parameters = generation.job.parameters
    rate = "every frame" if parameters.sample_rate_hz is None else f"{parameters.sample_rate_hz:g} Hz"
    landmarks = ", landmarks" if parameters.keep_landmarks else ""
    smallest = f"faces from {parameters.min_face_px} px"
    return f"{rate}, {smallest}, score {parameters.min_score:g}, {parameters.detector}{landmarks}"


def _list_models(db_url: str, *, as_json: bool) -> None:
    from db.archive.model_generations import list_model_generations
    from db.store import open_existing_store

    store = open_existing_store(db_url)
    with store.reading() as connection:
        listed = list_model_generations(connection)
    store.close()
    if as_json:
        from dataclasses import asdict

        for model in listed:
            typer.echo(json.dumps(asdict(model)))
        return
    _print_models(listed)


def _print_models(listed: "list[ModelGenerations]") -> None:
    from rich.table import Table

    from cli.terminal import console_for

    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("model", no_wrap=True)
    for name in ("media", "read", "finished", "under way", "given up", "frames"):
        table.add_column(name, justify="right")
    for model in listed:
        counts = (model.num_media, model.num_active, model.num_finished, model.num_unfinished, model.num_given_up)
        table.add_row(model.model_version_id, *map(str, counts), str(model.num_frames))
    console_for(sys.stdout).print(table if listed else "the store is empty; `moodline analyze FILE` fills it")


def _activate_job(db_url: str, reference: str) -> None:
    from db.archive import generations as db_generations
    from db.jobs import find_job
    from db.store import open_existing_store

    store = open_existing_store(db_url)
    with store.writing() as connection:
        job = find_job(connection, reference)
        before = db_generations.activate(connection, job.id)
    store.close()
    back = f"; `moodline activate {before}` goes back" if before not in (None, job.id) else ""
    typer.echo(f"media {job.media_id}: readers see job {job.id}, model {job.model_version_id}{back}")


def _activate_model(db_url: str, reference: str, *, dry_run: bool) -> None:
    from db.archive.model_generations import find_model_version, plan_switch, switch_all
    from db.store import open_existing_store

    store = open_existing_store(db_url)
    with store.reading() if dry_run else store.writing() as connection:
        version = find_model_version(connection, reference)
        switch = plan_switch(connection, version)
        if not dry_run:
            switch_all(connection, version)
    store.close()
    typer.echo(_switch_text(switch, version, dry_run=dry_run))


def _switch_text(switch: "Switch", version: str, *, dry_run: bool) -> str:
    changed = switch.num_media_by_model_before
    lines = [f"{version}: readers of {sum(changed.values())} media {'would ' if dry_run else ''}see it from now on"]
    lines += [f"  {count} so far read {before}" for before, count in changed.items()]
    if switch.num_active_already:
        lines.append(f"  {switch.num_active_already} more media show it already")
    if switch.num_not_finished:
        lines.append(f"  {switch.num_not_finished} media keep what they show: their generation of it is not finished")
    return "\n".join(lines)
