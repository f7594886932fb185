"""`moodline evaluate`: how good a model is on FER2013 and FER+, by the protocol of docs/protocol.md."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.options import DataOption, VotesOption, writable_folder

if TYPE_CHECKING:
    from training.datasets.face_set import FaceSet
    from training.evaluation.evaluate import CorruptedFigures, SplitRows
    from training.evaluation.evaluated_model import EvaluatedModel


class SplitChoice(StrEnum):
    """The official splits that no network is trained on."""

    PUBLIC = "PublicTest"
    PRIVATE = "PrivateTest"


class Views(StrEnum):
    """How many views of a picture are averaged."""

    SINGLE = "single"
    FLIP = "flip"


def evaluate(
    checkpoints: Annotated[
        list[str],
        typer.Argument(
            metavar="CHECKPOINT...",
            help="A shipped model's name, a card's path or a training run's folder; several are averaged.",
            show_default=False,
        ),
    ],
    data: DataOption,
    votes: VotesOption = None,
    split: Annotated[SplitChoice, typer.Option(help="The rows to be measured on.")] = SplitChoice.PRIVATE,
    views: Annotated[Views, typer.Option(help="The picture alone, or averaged with its mirror image.")] = Views.SINGLE,
    snapshots: Annotated[bool, typer.Option("--snapshots", help="Average the snapshots that runs kept.")] = False,
    corruptions: Annotated[bool, typer.Option("--corruptions", help="Measure on damaged pictures too.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Write report.html, report.json and errors.html.")
    ] = None,
) -> None:
    """Measure accuracy, recall, calibration and robustness; twins of Training pictures counted apart."""
    import json

    from training.evaluation.document import evaluation_document
    from training.evaluation.evaluate import evaluate_split

    folder = writable_folder(out) if out else None
    with _working("reading the data"):
        model, rows = _model_and_rows(checkpoints, data, votes, split=split, snapshots=snapshots)
    with _working(f"asking {model.name} about {len(rows.faces)} pictures"):
        found = evaluate_split(model.answer, rows, view=views, abstain_below=model.abstain_below)
    corrupted = _corrupted(model, rows, views) if corruptions or folder else None
    if folder:
        from training.evaluation.report import write_report

        with _working("writing the report"):
            write_report(folder, model, rows, found, corrupted or ())
    if as_json:
        typer.echo(json.dumps(evaluation_document(model, rows, found, corrupted)))
    else:
        from cli.rendering.evaluation import render_evaluation
        from cli.terminal import console_for

        console_for(sys.stdout).print(render_evaluation(model, rows, found, corrupted))
    if found.all_rows.ferplus is None:
        reason = "this model has no FER+ head" if votes else "name FER+'s votes with --votes"
        typer.echo(f"FER+ is not measured: {reason}", err=True)
    if folder:
        typer.echo(f"wrote {folder}/report.html, report.json and errors.html", err=True)


def _model_and_rows(
    checkpoints: list[str], data: Path, votes: Path | None, *, split: SplitChoice, snapshots: bool
) -> "tuple[EvaluatedModel, SplitRows]":
    """Load what is to be measured, and what on; faces are aligned for a run that learned from such."""
    from dataclasses import replace
    from functools import cache

    from training.datasets.data_source import read_faces
    from training.evaluation.evaluate import align_faces, calibration_rows, rows_of_split
    from training.evaluation.model_sources import are_aligned, find_model, find_snapshots

    faces = read_faces(data, votes)
    rows, is_aligned = rows_of_split(faces, split), are_aligned(checkpoints)

    @cache  # several runs are calibrated on the same pictures
    def calibration() -> "FaceSet":
        return align_faces(calibration_rows(faces)) if is_aligned else calibration_rows(faces)

    model = (find_snapshots if snapshots else find_model)(checkpoints, calibration)
    return model, replace(rows, faces=align_faces(rows.faces)) if is_aligned else rows


def _corrupted(model: "EvaluatedModel", rows: "SplitRows", views: Views) -> "tuple[CorruptedFigures, ...]":
    from training.evaluation.evaluate import evaluate_corruptions

    with _working("damaging the pictures") as say:
        return evaluate_corruptions(
            model.answer,
            rows,
            view=views,
            abstain_below=model.abstain_below,
            report=lambda name: say(f"asking: {name}"),
        )


@contextmanager
def _working(message: str) -> Iterator[Callable[[str], None]]:
    """Show what is being done while it is done, on a terminal only."""
    from rich.console import Console

    with Console(stderr=True).status(message) as status:
        yield status.update
