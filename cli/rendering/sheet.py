"""A contact sheet as a PNG: a row a person track, some of its faces beside what is known of it. Knows values only."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from core.documents import NOTICE
from core.frames import RgbImage

_CELL_PX: Final = 96
_GAP_PX: Final = 6
_TEXT_PX: Final = 330
_HEAD_PX: Final = 64
_DPI: Final = 100


@dataclass(frozen=True, kw_only=True)
class SheetRow:
    """One person track on the sheet."""

    heading: str
    lines: tuple[str, ...]
    faces: tuple[tuple[str, RgbImage | None], ...]  # when, and the picture; None: its frame cannot be decoded


def write_sheet_png(rows: Sequence[SheetRow], out: Path, *, title: str, note: str) -> None:
    """Draw the rows under a title and a note."""
    num_columns = max((len(row.faces) for row in rows), default=0)
    row_px = _CELL_PX + 3 * _GAP_PX + 8
    width = _TEXT_PX + max(4, num_columns) * (_CELL_PX + _GAP_PX)
    height = _HEAD_PX + max(1, len(rows)) * row_px + 30
    sheet = np.full((height, width, 3), 255, np.uint8)
    texts = [(10.0, 22.0, title, 13, "bold", "black"), (10.0, 44.0, note, 9, "normal", "#555555")]
    for index, row in enumerate(rows):
        top = _HEAD_PX + index * row_px
        sheet[top - _GAP_PX] = 225
        texts.append((10.0, top + 16.0, row.heading, 12, "bold", "black"))
        texts += [(10.0, top + 34.0 + 16 * at, line, 9, "normal", "#333333") for at, line in enumerate(row.lines)]
        for column, (when, picture) in enumerate(row.faces):
            left = _TEXT_PX + column * (_CELL_PX + _GAP_PX)
            cell = sheet[top : top + _CELL_PX, left : left + _CELL_PX]
            cell[:] = 235
            if picture is not None:
                _fit(cell, picture)
            texts.append((float(left), top + _CELL_PX + 12.0, when, 8, "normal", "#555555"))
    texts.append((10.0, height - 12.0, NOTICE, 8, "normal", "#555555"))
    figure = Figure(figsize=(width / _DPI, height / _DPI), dpi=_DPI)
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.imshow(sheet, extent=(0, width, height, 0), interpolation="none", aspect="auto")
    axes.set_axis_off()
    for x, y, text, size, weight, colour in texts:
        axes.text(x, y, text, fontsize=size, fontweight=weight, color=colour, parse_math=False)
    figure.savefig(out, dpi=_DPI, format="png")


def _fit(cell: RgbImage, picture: RgbImage) -> None:
    """Put a picture into the middle of a cell, as large as it goes."""
    height, width = picture.shape[:2]
    zoom = _CELL_PX / max(height, width)
    size = (max(1, round(width * zoom)), max(1, round(height * zoom)))
    fitted = cv2.resize(picture, size, interpolation=cv2.INTER_AREA if zoom < 1 else cv2.INTER_CUBIC)
    top, left = (_CELL_PX - size[1]) // 2, (_CELL_PX - size[0]) // 2
    cell[top : top + size[1], left : left + size[0]] = fitted
