"""Figures of the training side on their way to PNG files: no display, one resolution, one kind of caption."""

from pathlib import Path
from typing import TYPE_CHECKING, Final

from core.errors import EnvironmentFault

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_DPI: Final = 120


def new_figure(*, width_inches: float, height_inches: float) -> "Figure":
    """Return an empty figure that needs no display."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width_inches, height_inches), layout="constrained")
    FigureCanvasAgg(figure)
    return figure


def save(figure: "Figure", out: Path, *, caption: str) -> None:
    """Write a PNG with a small line of text under the figure."""
    figure.supxlabel(caption, fontsize=9, color="#555555", x=0.01, ha="left")
    try:
        figure.savefig(out, dpi=_DPI)
    except OSError as error:
        raise EnvironmentFault(f"{out}: cannot be written ({error.strerror}); make room or name another") from error
