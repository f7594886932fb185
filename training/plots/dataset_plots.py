"""Pictures of a data set: samples of each class, and how the classes are distributed over the splits."""

from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from core.emotions import EMOTIONS, FERPLUS_COLUMNS
from training.datasets.cleaning import examine
from training.datasets.face_set import SPLITS, FaceSet
from training.datasets.fer2013 import is_blank
from training.plots.face_board import FaceBoard
from training.plots.pictures_out import new_figure, save

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: One colour a split, told apart by colour-blind eyes and in grey (Okabe and Ito's blue, orange, green).
_SPLIT_COLOURS: Final = ("#0072b2", "#e69f00", "#009e73")

_SAMPLES_PER_CLASS: Final = 12
_SAMPLING_SEED: Final = 0


def write_samples(faces: FaceSet, out: Path) -> None:
    """Draw some pictures of each class in a row, chosen at random once and for all; blank ones are left out."""
    shown = faces.select(~is_blank(faces))
    rng = np.random.default_rng(_SAMPLING_SEED)
    board = FaceBoard(num_rows=len(EMOTIONS), num_columns=_SAMPLES_PER_CLASS, row_gap_px=11, column_gap_px=4)
    figure = new_figure(width_inches=10.5, height_inches=7.2)
    axes = figure.subplots()
    for index, emotion in enumerate(EMOTIONS):
        of_class = shown.select(shown.emotion_index == index)
        chosen = of_class.select(_chosen(len(of_class), rng))
        for column, (picture, votes) in enumerate(zip(chosen.pictures, chosen.votes, strict=True)):
            board.put(picture, row=index, column=column)
            left, bottom = board.below(row=index, column=column)
            axes.text(left, bottom, _first_answer(votes), fontsize=8, ha="center", va="top")
        num = int((faces.emotion_index == index).sum())
        axes.text(-6, board.middle(row=index), f"{emotion}\n{num:,}", fontsize=11, ha="right", va="center")
    board.draw(axes)
    figure.suptitle("What the labels call these faces, with the number of pictures a class", fontweight="bold")
    taggers = " Below each: FER+'s most frequent answer and how many of ten gave it." if faces.has_votes.any() else ""
    caption = f"{_SAMPLES_PER_CLASS} of each class at random (seed {_SAMPLING_SEED}), all splits.{taggers}"
    save(figure, out, caption=caption)


def write_class_distribution(faces: FaceSet, out: Path) -> None:
    """Draw the classes' counts stacked by split, and beside them each class's share of its split."""
    counts = np.array(examine(faces).class_counts)  # (3, 7)
    figure = new_figure(width_inches=12.5, height_inches=5)
    stacked, shares = figure.subplots(1, 2)
    _draw_stacked(stacked, counts)
    _draw_shares(shares, counts)
    figure.legend(
        *stacked.get_legend_handles_labels(), loc="outside upper right", ncols=len(SPLITS), frameon=False, fontsize=11
    )
    save(figure, out, caption=f"{counts.sum():,} pictures, nothing dropped.")


def _chosen(num: int, rng: np.random.Generator) -> NDArray[np.bool_]:
    """(num,) true for some rows at random."""
    return np.isin(np.arange(num), rng.permutation(num)[:_SAMPLES_PER_CLASS])


def _first_answer(votes: NDArray[np.float32]) -> str:
    """(10,) votes -> the most frequent answer and its number, or nothing where there are no votes."""
    first = int(votes.argmax())
    return f"{FERPLUS_COLUMNS[first]} {votes[first]:.0f}" if votes.any() else ""


def _draw_stacked(axes: "Axes", counts: NDArray[np.int64]) -> None:
    places = np.arange(len(EMOTIONS))
    bottom = np.zeros(len(EMOTIONS), np.int64)
    for split, row, colour in zip(SPLITS, counts, _SPLIT_COLOURS, strict=True):
        axes.bar(places, row, 0.72, bottom=bottom, color=colour, label=f"{split} ({row.sum():,})")
        bottom = bottom + row
    for place, total in zip(places, bottom, strict=True):
        share = total / max(1, counts.sum())
        axes.annotate(f"{total:,}\n{share:.1%}", (place, total), (0, 3), textcoords="offset points", ha="center")
    axes.set_title("Pictures a class, and share of all", loc="left", fontweight="bold")
    axes.set_ylabel("pictures")
    axes.set_ylim(0, max(1, bottom.max()) * 1.16)
    _finish(axes)


def _draw_shares(axes: "Axes", counts: NDArray[np.int64]) -> None:
    shares = 100 * counts / np.maximum(1, counts.sum(axis=1, keepdims=True))  # (3, 7) per cent of the split
    width = 0.27
    for position, (row, colour) in enumerate(zip(shares, _SPLIT_COLOURS, strict=True)):
        places = np.arange(len(EMOTIONS)) + (position - 1) * width
        bars = axes.bar(places, row, width * 0.94, color=colour)
        axes.bar_label(bars, fmt="%.1f", rotation=90, padding=3, fontsize=9)
    axes.set_title("Share of each split (%)", loc="left", fontweight="bold")
    axes.set_ylabel("% of the split")
    axes.set_ylim(0, max(1.0, float(shares.max())) * 1.16)
    _finish(axes)


def _finish(axes: "Axes") -> None:
    axes.set_xticks(np.arange(len(EMOTIONS)), EMOTIONS)
    axes.spines[["top", "right"]].set_visible(False)
