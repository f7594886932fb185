"""A picture of what augmentation does: one face many times over, with the settings that changed it."""

import textwrap
from dataclasses import asdict
from pathlib import Path
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray

from training.datasets.face_set import SIDE_PX
from training.learning.augmentation import Augmentation, augment
from training.learning.draws import Draws
from training.plots.face_board import FaceBoard
from training.plots.pictures_out import new_figure, save

_NUM_ROWS: Final = 5
_NUM_COLUMNS: Final = 10
_SEED: Final = 0
_CAPTION_WIDTH: Final = 130  # characters
_UNBROKEN: Final = "\N{NO-BREAK SPACE}"  # a line is not broken within a setting


def write_augmentation(picture: NDArray[np.uint8], how: Augmentation, out: Path) -> None:
    """Draw a (48, 48) face as it is, top left, and as training may see it."""
    from matplotlib.patches import Rectangle

    num_changed = _NUM_ROWS * _NUM_COLUMNS - 1
    original = torch.from_numpy(picture.astype(np.float32)).view(1, 1, *picture.shape)
    # One at a time, as each would be in a batch of its own: the resolution of coarse pictures is drawn once a batch.
    draws = Draws.seeded(_SEED)
    changed = [augment(original, how, draws)[0, 0].numpy().astype(np.uint8) for _ in range(num_changed)]
    board = FaceBoard(num_rows=_NUM_ROWS, num_columns=_NUM_COLUMNS, row_gap_px=3, column_gap_px=3)
    for place, shown in enumerate([picture, *changed]):
        board.put(shown, row=place // _NUM_COLUMNS, column=place % _NUM_COLUMNS)
    figure = new_figure(width_inches=10.5, height_inches=6)
    axes = figure.subplots()
    board.draw(axes)
    axes.add_patch(Rectangle((-0.5, -0.5), SIDE_PX, SIDE_PX, fill=False, edgecolor="#d55e00", linewidth=3))
    figure.suptitle("One face as it is (framed) and as training may see it", fontweight="bold")
    save(figure, out, caption=_settings(how))


def _settings(how: Augmentation) -> str:
    words = " · ".join(f"{name.replace('_', _UNBROKEN)}{_UNBROKEN}{value:g}" for name, value in asdict(how).items())
    return textwrap.fill(f"{words}. Seed {_SEED}.", _CAPTION_WIDTH)
