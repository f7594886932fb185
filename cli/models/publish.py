"""`moodline publish`: finished runs become a checkpoint that `--model` takes, with a card."""

import datetime
import shlex
import sys
from pathlib import Path
from typing import Annotated

import typer

from cli.options import DataOption
from core.errors import InputError


def publish(
    runs: Annotated[list[Path], typer.Argument(metavar="RUN...", help="Finished runs: seeds of one recipe.")],
    data: DataOption,
    votes: Annotated[Path, typer.Option(metavar="CSV", help="FER+'s fer2013new.csv.")],
    name: Annotated[str, typer.Option(help="What the model is to be called.")],
    out: Annotated[Path, typer.Option(metavar="DIR", help="Where NAME.safetensors, NAME.onnx and NAME.json go.")],
    trained_at: Annotated[str, typer.Option(metavar="COMMIT", help="The commit whose code trained the runs.")],
    selection: Annotated[str, typer.Option(metavar="TEXT", help="How these weights were chosen, for the card.")],
    views: Annotated[int, typer.Option(help="1: the picture; 2: averaged with its mirror image, twice the work.")] = 1,
    ensemble: Annotated[bool, typer.Option("--ensemble", help="Ship the mean of all runs, not the first.")] = False,
) -> None:
    """Calibrate, measure and write a checkpoint. Reads PrivateTest: nothing may be chosen after that."""
    from fer_model.checkpoints.card import VIEWS
    from fer_model.checkpoints.export import add_graph
    from training.datasets.data_source import read_faces
    from training.learning.run_folder import RunFolder
    from training.publish import Provenance, Publication, publish_ensemble
    from training.publish import publish as publish_first

    if views not in VIEWS:
        raise InputError(f"--views {views}: must be one of {', '.join(map(str, VIEWS))}")
    provenance = Provenance(
        commit=trained_at,
        date=datetime.datetime.now(datetime.UTC).date().isoformat(),
        selection=selection,
        command=shlex.join(["moodline", *sys.argv[1:]]),
    )
    what = Publication(name=name, out=out, views=views, provenance=provenance)
    write = publish_ensemble if ensemble else publish_first
    card = write([RunFolder(path) for path in runs], read_faces(data, votes), what)
    add_graph(out / f"{name}.json")
    typer.echo(f"{out / (name + '.json')}: {card.version}; use it with --model {out / (name + '.json')}")
