"""`moodline teach`: an ensemble of members asked about views of every Training picture, kept for students."""

import time
from pathlib import Path
from typing import Annotated

import typer

from cli.options import DataOption, DeviceOption, VotesOption
from core.errors import InputError


def teach(
    members: Annotated[
        list[str], typer.Argument(metavar="RUN...", help="Folders of runs (one for each fold), or published models.")
    ],
    data: DataOption,
    out: Annotated[Path, typer.Option(metavar="DIR", help="Where the teacher is written (about 1 GB).")],
    votes: VotesOption = None,
    student: Annotated[
        str, typer.Option(metavar="RECIPE", help="Whose augmentations make the views.")
    ] = "small-taught",
    views: Annotated[int, typer.Option(help="Views of each picture for each of the student's augmentations.")] = 6,
    device: DeviceOption = "cpu",
) -> None:
    """Ask an ensemble what Training pictures appear to show, so that `moodline train --teacher` can learn from it."""
    from training.datasets.data_source import read_faces
    from training.datasets.training_rows import rows_to_learn
    from training.learning.devices import device_named
    from training.learning.teacher import teach as ask
    from training.recipes.registry import find_recipe
    from training.runs.finished import load_member

    if views < 1:
        raise InputError(f"--views {views}: must be at least 1")
    recipe, on = find_recipe(student), device_named(device)
    loaded = [load_member(member, on) for member in members]
    learned = rows_to_learn(read_faces(data, votes), recipe.objective.label_set)
    began = time.monotonic()

    def report(num_done: int, num_views: int) -> None:
        left = (time.monotonic() - began) / num_done * (num_views - num_done)
        typer.echo(f"view {num_done}/{num_views}, {left / 60:.0f} min left", err=True)

    ask(loaded, learned, recipe, num_each=views, report=report).save(out)
    typer.echo(f"{out}: {len(learned)} pictures; next: moodline train {student} --teacher {out} …")
