"""`moodline dataset`: look at labelled pictures before training on them, draw them, or sort them into class folders."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from cli.options import VotesOption, writable_folder
from core.wording import counted

app = typer.Typer(no_args_is_help=True, help="Look at labelled pictures before training on them.")

DataArgument = Annotated[
    Path,
    typer.Argument(
        metavar="DATA",
        help="fer2013.csv, icml_face_data.csv, a folder of class folders, or a zip or tar of one of these.",
        show_default=False,
        readable=False,
    ),
]


@app.callback()
def dataset() -> None:
    """Look at labelled pictures before training on them; see docs/training-data.md."""


@app.command()
def report(
    data: DataArgument,
    votes: VotesOption = None,
    near: Annotated[bool, typer.Option("--near", help="Look for near copies across splits too: slower.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Count classes, copies, contradictions and leaks across the splits."""
    import json

    from cli.rendering.dataset import dataset_document, render_dataset
    from cli.terminal import console_for
    from training.datasets.cleaning import count_by_split, examine
    from training.datasets.data_source import read_faces
    from training.datasets.near_duplicates import NEAR, correlation_with_training

    faces = read_faces(data, votes)
    found = examine(faces)
    num_near = count_by_split(faces, correlation_with_training(faces) > NEAR) if near else None
    if as_json:
        typer.echo(json.dumps(dataset_document(found, num_near)))
    else:
        console_for(sys.stdout).print(render_dataset(found, num_near, title=data.name))


@app.command()
def pictures(
    data: DataArgument,
    out: Annotated[Path, typer.Option(metavar="DIR", help="Where the three PNG files go.")],
    votes: VotesOption = None,
) -> None:
    """Draw samples of each class, the classes' distribution, and what augmentation does to a face."""
    from core.errors import InputError
    from training.datasets.data_source import read_faces
    from training.datasets.fer2013 import is_blank
    from training.learning.augmentation import Augmentation
    from training.plots.augmentation_plot import write_augmentation
    from training.plots.dataset_plots import write_class_distribution, write_samples

    faces = read_faces(data, votes)
    shown = faces.pictures[~is_blank(faces)]
    if not len(shown):
        raise InputError(f"{data}: every picture is blank; name a data set of faces")
    folder = writable_folder(out)
    write_samples(faces, folder / "samples.png")
    write_class_distribution(faces, folder / "classes.png")
    write_augmentation(shown[0], Augmentation(), folder / "augmentation.png")
    typer.echo(f"wrote samples.png, classes.png and augmentation.png into {folder}")


@app.command()
def folders(
    data: DataArgument,
    out: Annotated[Path, typer.Option(metavar="DIR", help="A new or empty folder.")],
) -> None:
    """Sort the pictures into SPLIT/EMOTION/ROW.png, losslessly; the result can be read and trained on again."""
    from training.datasets.class_folders import write_class_folders
    from training.datasets.data_source import read_faces

    faces = read_faces(data)
    write_class_folders(faces, writable_folder(out))
    typer.echo(f"wrote {counted(len(faces), 'picture')} into {out}")
