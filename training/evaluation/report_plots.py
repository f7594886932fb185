"""The report's plots, each as one SVG text. Knows figures and matplotlib only."""

import io
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

import numpy as np

from training.evaluation.calibration import ReliabilityBin
from training.evaluation.evaluate import CorruptedFigures
from training.evaluation.figures import Figures
from training.evaluation.metrics import LabelFigures
from training.evaluation.proportion import Proportion

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: One colour a head throughout; told apart by colour-blind eyes too.
_FER2013_COLOUR: Final = "#0072b2"
_FERPLUS_COLOUR: Final = "#d55e00"
_VOTES_COLOUR: Final = "#009e73"
_GREY: Final = "#777777"

#: Share of a confusion matrix's row from which its cell is dark enough to be written on in white.
_DARK_CELL: Final = 0.55


def confusion_svg(figures: LabelFigures, title: str) -> str:
    """Draw a confusion matrix: shares of each right class, with counts."""
    names = [found.name for found in figures.classes]

    def draw(axes: "Axes") -> None:
        supports = figures.confusion.sum(axis=1, keepdims=True)
        shares = figures.confusion / supports.clip(min=1)
        axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
        for (row, column), share in np.ndenumerate(shares):
            colour = "white" if share > _DARK_CELL else "black" if figures.confusion[row, column] else "#bbbbbb"
            text = f"{share:.0%}\n{figures.confusion[row, column]}"
            axes.text(column, row, text, ha="center", va="center", fontsize=7.5, color=colour)
        axes.set_xticks(range(len(names)), names, rotation=40, ha="right")
        axes.set_yticks(
            range(len(names)), [f"{name} ({n})" for name, n in zip(names, supports.ravel().tolist(), strict=True)]
        )
        axes.set_xlabel("answered")
        axes.set_ylabel("right (n)")
        axes.set_title(title, loc="left")

    return _svg(draw, width_inches=5.6, height_inches=4.8)


def reliability_svg(figures: Figures) -> str:
    """Draw how often answers are right against how sure they are, both heads and the taggers' shares."""

    def draw(axes: "Axes") -> None:
        axes.plot([0, 1], [0, 1], color=_GREY, linewidth=1, linestyle="--", label="as right as sure")
        if figures.fer2013 is not None:
            label = f"FER2013 labels, ECE {figures.fer2013.ece:.3f}"
            _reliability_line(axes, figures.fer2013.reliability, _FER2013_COLOUR, label)
        if figures.ferplus is not None:
            label = f"FER+ majority, 8 classes, ECE {figures.ferplus.majority.ece:.3f}"
            _reliability_line(axes, figures.ferplus.majority.reliability, _FERPLUS_COLOUR, label)
            votes = figures.ferplus.votes
            axes.plot(
                [part.mean_confidence for part in votes.reliability],
                [part.share_right for part in votes.reliability],
                "s-",
                color=_VOTES_COLOUR,
                markersize=4,
                label=f"share of taggers who agree, gap {votes.vote_ece:.3f}",
            )
        axes.set(xlim=(0, 1.01), ylim=(0, 1.01), xlabel="confidence in the answer", ylabel="share right, or agreeing")
        axes.set_title("Reliability: 15 bins of equal mass, 95 % intervals", loc="left")
        axes.legend(loc="upper left", frameon=False, fontsize=8)

    return _svg(draw, width_inches=5.6, height_inches=4.6)


def risk_coverage_svg(figures: Figures) -> str:
    """Draw the share of errors among the most confident answers."""

    def draw(axes: "Axes") -> None:
        if figures.fer2013 is not None:
            _risk_line(axes, figures.fer2013, _FER2013_COLOUR, "FER2013 labels")
        if figures.ferplus is not None:
            _risk_line(axes, figures.ferplus.majority, _FERPLUS_COLOUR, "FER+ majority, 8 classes")
            product = figures.ferplus.product
            if product.counted.n:
                kept = product.counted.n / product.labels.accuracy.n
                label = f"as the product abstains: keeps {kept:.1%}, 7 classes"
                axes.plot([kept], [1 - product.counted.value], "D", color=_VOTES_COLOUR, markersize=7, label=label)
        axes.set(xlim=(0, 1.01), xlabel="share of answers kept, the most confident first", ylabel="share of errors")
        axes.set_ylim(bottom=0)
        axes.set_title("Risk and coverage", loc="left")
        axes.legend(loc="upper left", frameon=False, fontsize=8)

    return _svg(draw, width_inches=5.6, height_inches=4.6)


def classes_svg(figures: LabelFigures, title: str) -> str:
    """Draw each class's recall and precision with their 95 % intervals."""
    names = [f"{found.name}\n{found.recall.n}" for found in figures.classes]

    def draw(axes: "Axes") -> None:
        recalls = [found.recall for found in figures.classes]
        precisions = [found.precision for found in figures.classes]
        _bars(axes, recalls, offset=-0.2, colour=_FER2013_COLOUR, label="recall")
        _bars(axes, precisions, offset=0.2, colour="#a6c8e0", label="precision")
        axes.set_xticks(range(len(names)), names)
        axes.set_ylim(0, 1.02)
        axes.set_title(title, loc="left")
        axes.legend(loc="lower right", bbox_to_anchor=(1.0, 1.0), ncols=2, frameon=False, borderpad=0)

    return _svg(draw, width_inches=6.8, height_inches=3.6)


def corruptions_svg(clean: Figures, corrupted: Sequence[CorruptedFigures]) -> str:
    """Draw what is left of each head's accuracy under each corruption; dashed: undamaged."""

    def draw(axes: "Axes") -> None:
        rows = np.arange(len(corrupted))
        for head, colour, name, offset in (
            (_fer2013_accuracy, _FER2013_COLOUR, "FER2013 labels", -0.2),
            (_ferplus_accuracy, _FERPLUS_COLOUR, "FER+ majority", 0.2),
        ):
            undamaged = head(clean)
            if np.isnan(undamaged):
                continue
            axes.barh(rows + offset, [head(found.figures) for found in corrupted], 0.38, color=colour, label=name)
            axes.axvline(undamaged, color=colour, linestyle="--", linewidth=1)
        axes.set_yticks(rows, [found.name for found in corrupted])
        axes.invert_yaxis()
        axes.set_xlim(0, 1)
        axes.set_xlabel("accuracy; dashed: on undamaged pictures")
        axes.set_title("Damaged pictures", loc="left")
        axes.legend(loc="lower right", bbox_to_anchor=(1.0, 1.0), ncols=2, frameon=False, borderpad=0)

    return _svg(draw, width_inches=5.2, height_inches=6.4)


def _fer2013_accuracy(figures: Figures) -> float:
    return np.nan if figures.fer2013 is None else figures.fer2013.accuracy.value


def _ferplus_accuracy(figures: Figures) -> float:
    return np.nan if figures.ferplus is None else figures.ferplus.majority.accuracy.value


def _reliability_line(axes: "Axes", bins: Sequence[ReliabilityBin], colour: str, label: str) -> None:
    shares = [Proportion(value=part.share_right, n=part.n) for part in bins]
    axes.errorbar(
        [part.mean_confidence for part in bins],
        [share.value for share in shares],
        yerr=_reach(shares),
        fmt="o-",
        color=colour,
        markersize=4,
        linewidth=1.5,
        elinewidth=0.8,
        label=label,
    )


def _risk_line(axes: "Axes", figures: LabelFigures, colour: str, label: str) -> None:
    first = max(1, len(figures.risk) // 50)  # the first few answers say nothing yet
    coverage = np.arange(1, len(figures.risk) + 1) / len(figures.risk)
    axes.plot(coverage[first:], figures.risk[first:], color=colour, label=f"{label}, mean {figures.aurc:.3f}")


def _bars(axes: "Axes", shares: Sequence[Proportion], *, offset: float, colour: str, label: str) -> None:
    values = np.nan_to_num([share.value for share in shares])
    where = np.arange(len(shares)) + offset
    reach = _reach(shares)
    reach[:, [share.n == 0 for share in shares]] = np.nan  # a class that was never named has no precision
    axes.bar(where, values, 0.38, yerr=reach, color=colour, label=label, ecolor="#444444", capsize=2)


def _reach(shares: Sequence[Proportion]) -> np.ndarray:
    """How far the 95 % interval reaches below and above each share (2, N)."""
    intervals = np.array([share.interval for share in shares])  # (N, 2)
    values = np.nan_to_num([share.value for share in shares])
    return np.stack([values - intervals[:, 0], intervals[:, 1] - values]).clip(min=0)


def _svg(draw: "Callable[[Axes], None]", *, width_inches: float, height_inches: float) -> str:
    """Draw on a fresh figure without pyplot, which would keep it."""
    from matplotlib import rc_context
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    with rc_context({"svg.hashsalt": "moodline", "axes.spines.top": False, "axes.spines.right": False}):
        figure = Figure(figsize=(width_inches, height_inches), layout="constrained")
        FigureCanvasSVG(figure)
        draw(figure.subplots())
        text = io.StringIO()
        figure.savefig(text, format="svg", metadata={"Date": None})
    return text.getvalue()
