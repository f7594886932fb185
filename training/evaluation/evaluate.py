"""Put a model to a split: all rows, and without twins; on request damaged. Knows no files and no terminal."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.errors import InputError
from training.datasets.alignment import align, make_alignment_detector
from training.datasets.face_set import SPLITS, FaceSet
from training.datasets.fer2013 import has_training_twin
from training.evaluation.answers import Answers
from training.evaluation.corruptions import CORRUPTIONS
from training.evaluation.figures import Figures, measure
from training.evaluation.views import Answer, answer_views


@dataclass(frozen=True, kw_only=True)
class SplitRows:
    """The rows of one split."""

    split: str
    faces: FaceSet
    is_twin: NDArray[np.bool_] | None  # (N,) whether Training holds the same picture; None where it is not at hand


@dataclass(frozen=True, kw_only=True)
class Evaluation:
    """What was measured of a model on a split, under one view."""

    view: str
    answers: Answers  # to the split's rows, in order
    all_rows: Figures
    without_twins: Figures | None  # None where twins cannot be told or nothing is left


@dataclass(frozen=True, kw_only=True)
class CorruptedFigures:
    """What is left under one corruption, on all rows of a split."""

    name: str
    figures: Figures


def rows_of_split(faces: FaceSet, split: str) -> SplitRows:
    """Return a split's rows with their twins. Raises InputError for data without the split."""
    chosen = faces.split_index == SPLITS.index(split)
    if not chosen.any():
        raise InputError(f"the data holds no {split} pictures; choose another --split or give the whole published file")
    has_training = len(faces.split("Training")) > 0
    return SplitRows(
        split=split, faces=faces.select(chosen), is_twin=has_training_twin(faces)[chosen] if has_training else None
    )


def align_faces(faces: FaceSet) -> FaceSet:
    """Turn and shift faces as a run with --align saw them."""
    return align(faces, make_alignment_detector(), report=lambda _: None).faces


def calibration_rows(faces: FaceSet) -> FaceSet:
    """Return what temperatures are fitted to: PublicTest without the pictures that Training holds too."""
    return faces.select(~has_training_twin(faces)).split("PublicTest")


def evaluate_split(answer: Answer, rows: SplitRows, *, view: str, abstain_below: float) -> Evaluation:
    """Ask a model about every row of a split and measure what it says."""
    answers = answer_views(answer, rows.faces.pictures, view=view)
    unique = None if rows.is_twin is None else ~rows.is_twin
    without_twins = None
    if unique is not None and unique.any():
        without_twins = measure(answers.select(unique), rows.faces.select(unique), abstain_below=abstain_below)
    return Evaluation(
        view=view,
        answers=answers,
        all_rows=measure(answers, rows.faces, abstain_below=abstain_below),
        without_twins=without_twins,
    )


def evaluate_corruptions(
    answer: Answer, rows: SplitRows, *, view: str, abstain_below: float, report: Callable[[str], None]
) -> tuple[CorruptedFigures, ...]:
    """Ask a model about the damaged pictures of a split, corruption by corruption; `report` takes each one's name."""
    found = []
    for corruption in CORRUPTIONS:
        report(corruption.name)
        answers = answer_views(answer, corruption.apply(rows.faces.pictures), view=view)
        figures = measure(answers, rows.faces, abstain_below=abstain_below)
        found.append(CorruptedFigures(name=corruption.name, figures=figures))
    return tuple(found)
