"""`moodline forecast`: what the next bins may show, by a network that learned from the store's own history."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.options import DbOption, store_url, writable_folder
from cli.people.subject_options import actor
from core.documents import NOTICE
from core.errors import EnvironmentFault, InputError
from core.time_widths import parse_bin

if TYPE_CHECKING:
    from core.timeline import Timeline
    from training.mood_sequence.model_file import ForecastCard

app = typer.Typer(no_args_is_help=True, help="Forecasts of readings: train, evaluate, show. Experimental.")

FolderArgument = Annotated[
    Path, typer.Argument(metavar="DIR", help="Where `forecast train` wrote.", show_default=False)
]


@app.callback()
def forecast() -> None:
    """Forecasts of readings: train, evaluate, show. Experimental."""


@app.command()
def train(
    out: Annotated[Path, typer.Option(metavar="DIR", help="Where the forecast goes.", show_default=False)],
    study: Annotated[str | None, typer.Option(metavar="STUDY", help="Learn from this study's subjects.")] = None,
    is_all: Annotated[bool, typer.Option("--all", help="Learn from every media in the store.")] = False,
    bin_text: Annotated[str, typer.Option("--bin", help="Width of a bin: 1s, 5s.")] = "1s",
    epochs: Annotated[int, typer.Option(min=1, help="At most so many.")] = 80,
    seed: Annotated[int, typer.Option(min=0, help="Of weights, order, and which sessions are held out.")] = 0,
    db: DbOption = None,
) -> None:
    """Learn how readings go on, and say on held-out sessions whether that is better than saying that all stays."""
    if (study is None) != is_all:
        raise InputError("say whose history to learn from: --study STUDY, or --all")
    bin_us = parse_bin(bin_text)
    if bin_us is None:
        raise InputError(f"--bin {bin_text}: a forecast needs bins; write it like 1s")
    from cli.forecast.history import read_history
    from db.people import audit
    from db.people.erasure import note_file
    from db.store import open_existing_store
    from training.mood_sequence.fit import Fitting
    from training.mood_sequence.model_file import CARD, WEIGHTS
    from training.mood_sequence.train import train_forecast

    store = open_existing_store(store_url(db))
    read = read_history(store, study_id=study, bin_us=bin_us)
    folder = writable_folder(out)
    with store.writing() as connection:
        audit.record(connection, audit.AuditAction.FORECAST_TRAINED, actor=actor(), about=study)
    try:
        _, results = train_forecast(
            read.history, folder, Fitting(num_epochs=epochs, seed=seed), say=lambda line: typer.echo(line, err=True)
        )
    except OSError as error:
        raise EnvironmentFault(f"{out}: cannot be written ({error.strerror}); choose another place") from error
    with store.writing() as connection:  # erasing one of them removes what was learned from them
        for subject_id in read.subject_ids:
            for name in (WEIGHTS, CARD):
                note_file(connection, subject_id, folder / name)
    store.close()
    from cli.rendering.forecast import print_evaluation

    print_evaluation(results, bin_us=bin_us)
    for number, why in (
        (read.num_without_consent, "no consent holds now"),
        (read.num_shared, "several subjects, or decisions about tracks"),
    ):
        if number:
            typer.echo(f"left out: {number} media, {why}", err=True)
    typer.echo(f"wrote {folder / WEIGHTS} and {folder / CARD}", err=True)


@app.command()
def evaluate(
    folder: FolderArgument,
    db: DbOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Hold a forecast against its rivals on all sessions that it does not know, also those that came later."""
    from cli.forecast.history import read_history
    from cli.rendering.forecast import print_evaluation
    from db.store import open_existing_store
    from training.mood_sequence.document import evaluation_document
    from training.mood_sequence.model_file import load_forecast
    from training.mood_sequence.train import evaluate_forecast

    _, card = load_forecast(folder)
    store = open_existing_store(store_url(db))
    history = read_history(store, study_id=card.study_id, bin_us=card.bin_us).history
    store.close()
    _check_version(card, history.model_version)
    results = evaluate_forecast(folder, history.series)
    if as_json:
        seconds = {"bin_seconds": card.bin_us / 1e6, "model_version": card.model_version, "notice": NOTICE}
        typer.echo(json.dumps(evaluation_document(results) | seconds))
    else:
        print_evaluation(results, bin_us=card.bin_us)


@app.command()
def show(
    folder: FolderArgument,
    media: Annotated[str, typer.Argument(metavar="ID|PATH", help="A media's id, or its file.", show_default=False)],
    db: DbOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Show a media's last bins and what the forecast says of the next ones; nothing of it is stored."""
    from cli.forecast.document import forecast_document
    from cli.rendering.forecast import print_forecast
    from db.stored_media import open_media
    from db.timelines.timelines import timeline
    from training.mood_sequence.model_file import load_forecast

    network, card = load_forecast(folder)
    with open_media(store_url(db), media) as found, found.store.reading() as connection:
        seen: Timeline = timeline(connection, found.job.id, bin_us=card.bin_us)
    _check_version(card, seen.model_version)
    document = forecast_document(network, card, seen)
    if as_json:
        typer.echo(json.dumps(document))
    else:
        print_forecast(document)


def _check_version(card: "ForecastCard", model_version: str) -> None:
    if card.model_version != model_version:
        raise InputError(
            f"the forecast was made of readings by {card.model_version}, and these are by {model_version}: "
            "train one of these, or `moodline reprocess` the media"
        )
