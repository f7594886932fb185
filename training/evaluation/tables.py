"""Evaluations as tables of text, the same for the terminal and the report's page. Knows figures only."""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from training.evaluation.evaluate import CorruptedFigures, Evaluation
from training.evaluation.figures import Figures
from training.evaluation.metrics import LabelFigures
from training.evaluation.proportion import Proportion


@dataclass(frozen=True, kw_only=True)
class TextTable:
    """Cells as they are shown: first columns of words, then numbers."""

    num_word_columns: int = 1
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    total: tuple[str, ...] = ()  # a last row that sums up


def heads_table(evaluations: Sequence[Evaluation]) -> TextTable:
    """Each head against its right answers: all rows and without twins, view by view."""
    header = ("head and right answers", "rows", "view", "n", "accuracy", "95 %", "macro recall", "ECE", "classwise")
    rows: list[tuple[str, ...]] = []
    heads: tuple[tuple[str, Callable[[Figures], LabelFigures | None]], ...] = (
        ("FER2013 head, FER2013 labels", lambda figures: figures.fer2013),
        (
            "FER+ head, majority, 8 classes",
            lambda figures: None if figures.ferplus is None else figures.ferplus.majority,
        ),
        (
            "FER+ head, majority, our 7",
            lambda figures: None if figures.ferplus is None else figures.ferplus.product.labels,
        ),
    )
    for name, of in heads:
        for row_set, view, figures in _measured(evaluations):
            labels = of(figures)
            if labels is not None:
                gaps = (labels.ece, labels.classwise_ece, labels.nll, labels.brier, labels.aurc)
                accuracy = (f"{labels.accuracy.n:,}", percent(labels.accuracy.value), interval(labels.accuracy))
                rows.append((name, row_set, view, *accuracy, percent(labels.macro_recall), *_decimals(gaps)))
    return TextTable(num_word_columns=3, header=(*header, "NLL", "Brier", "AURC"), rows=tuple(rows))


def votes_table(evaluations: Sequence[Evaluation]) -> TextTable:
    """The FER+ head beside the ten taggers; no rows where it was not measured."""
    header = ("FER+ votes", "view", "n", "confidence", "taggers agree", "gap", "KL", "JS", "unreadable gap", "abstains")
    rows: list[tuple[str, ...]] = []
    for row_set, view, figures in _measured(evaluations):
        if figures.ferplus is None:
            continue
        votes, counted = figures.ferplus.votes, figures.ferplus.product.counted
        shares = (percent(votes.mean_confidence), percent(votes.mean_share_named))
        gaps = _decimals((votes.vote_ece, votes.kl, votes.js, votes.unreadable_error))
        row = (row_set, view, f"{votes.n:,}", *shares, *gaps, percent(votes.abstention_rate), _counted(counted))
        rows.append(row)
    return TextTable(num_word_columns=2, header=(*header, "right where counted"), rows=tuple(rows))


def classes_table(title: str, figures: LabelFigures) -> TextTable:
    """One head class by class."""
    return TextTable(
        header=(title, "n", "recall", "95 %", "named", "precision", "95 %", "F1"),
        rows=tuple(
            (
                found.name,
                f"{found.recall.n:,}",
                percent(found.recall.value),
                interval(found.recall),
                f"{found.precision.n:,}",
                percent(found.precision.value),
                interval(found.precision),
                f"{found.f1:.3f}",
            )
            for found in figures.classes
        ),
    )


def corruptions_table(clean: Figures, corrupted: Sequence[CorruptedFigures]) -> TextTable:
    """What is left on damaged pictures, below the undamaged ones."""
    each = [_corruption_values(found.figures) for found in corrupted]
    means = [sum(values) / len(values) for values in zip(*each, strict=True)]
    named = [("none", _corruption_values(clean)), *zip((found.name for found in corrupted), each, strict=True)]
    return TextTable(
        header=("damage", "FER2013 accuracy", "ECE", "FER+ accuracy", "gap to taggers"),
        rows=tuple((name, *_corruption_cells(values)) for name, values in named),
        total=("mean of the damaged", *_corruption_cells(means)),
    )


def across_label_sets(figures: Figures) -> str:
    """Say how far the two label sets agree at all; empty where FER+ was not measured."""
    if figures.ferplus is None:
        return ""
    cross = figures.ferplus.cross
    return (
        f"The label sets differ: the taggers' own answer is FER2013's label in {_counted(cross.taggers_on_labels)} "
        f"pictures, the FER+ head's in {_counted(cross.ferplus_on_labels)}; the FER2013 head names the taggers' "
        f"majority in {_counted(cross.fer2013_on_majority)}."
    )


def percent(value: float) -> str:
    """Write a share of 1; "none" where it was never measured."""
    return "none" if math.isnan(value) else f"{value:.1%}"


def interval(share: Proportion) -> str:
    """Write the 95 % interval in percent; nothing where no row was counted."""
    low, high = share.interval
    return f"{low * 100:.1f}–{high * 100:.1f}" if share.n else ""


def _counted(share: Proportion) -> str:
    return f"{percent(share.value)} of {share.n:,}"


def _decimals(values: Iterable[float]) -> tuple[str, ...]:
    return tuple(f"{value:.3f}" for value in values)


def _corruption_values(figures: Figures) -> tuple[float, ...]:
    """Accuracy and calibration error of both heads; not a number for a head that was not measured."""
    labels, ferplus = figures.fer2013, figures.ferplus
    return (
        *((math.nan, math.nan) if labels is None else (labels.accuracy.value, labels.ece)),
        *((math.nan, math.nan) if ferplus is None else (ferplus.majority.accuracy.value, ferplus.votes.vote_ece)),
    )


def _corruption_cells(values: Sequence[float]) -> tuple[str, ...]:
    accuracies, gaps = [percent(value) for value in values[::2]], _decimals(values[1::2])
    cells = [cell for pair in zip(accuracies, gaps, strict=True) for cell in pair]
    return tuple("" if math.isnan(value) else cell for value, cell in zip(values, cells, strict=True))


def _measured(evaluations: Sequence[Evaluation]) -> list[tuple[str, str, Figures]]:
    """Return name of the rows, view and figures: all rows under each view, then without twins."""
    whole = [("all", found.view, found.all_rows) for found in evaluations]
    return whole + [
        ("without twins", found.view, found.without_twins) for found in evaluations if found.without_twins is not None
    ]
