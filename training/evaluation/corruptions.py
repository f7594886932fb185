"""What cameras, networks and poses do to a picture of a face, in steps that are always the same: the robustness suite.

Knows pixels only. Each takes and returns (N, 48, 48) uint8 grey pictures.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

Pictures = NDArray[np.uint8]  # (N, 48, 48)
_Picture = NDArray[np.uint8]  # (48, 48)
_Change = Callable[[_Picture, np.random.Generator], _Picture]


@dataclass(frozen=True, kw_only=True)
class Corruption:
    """One damage of one severity."""

    name: str  # with its severity: "JPEG quality 20"
    change: _Change

    def apply(self, pictures: Pictures, *, seed: int = 0) -> Pictures:
        """Return the pictures damaged; the same seed damages the same way."""
        rng = np.random.default_rng(seed)
        return np.stack([self.change(picture, rng) for picture in pictures])


def _blur(picture: _Picture, _: np.random.Generator, *, sigma_px: float) -> _Picture:
    return _grey(cv2.GaussianBlur(picture, (0, 0), sigma_px, borderType=cv2.BORDER_REPLICATE))


def _motion_blur(picture: _Picture, rng: np.random.Generator, *, length_px: int) -> _Picture:
    """Smear along a straight line of random direction."""
    line = np.zeros((length_px, length_px), np.float32)
    line[length_px // 2] = 1.0
    middle = (length_px - 1) / 2
    turn = cv2.getRotationMatrix2D((middle, middle), float(rng.uniform(0, 180)), 1.0)
    kernel = cv2.warpAffine(line, turn, (length_px, length_px))
    return _grey(cv2.filter2D(picture, -1, kernel / kernel.sum(), borderType=cv2.BORDER_REPLICATE))


def _jpeg(picture: _Picture, _: np.random.Generator, *, quality: int) -> _Picture:
    encoded = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
    return _grey(cv2.imdecode(encoded, cv2.IMREAD_GRAYSCALE))


def _gamma(picture: _Picture, _: np.random.Generator, *, gamma: float) -> _Picture:
    return _rounded(255 * (picture / 255) ** gamma)


def _low_resolution(picture: _Picture, _: np.random.Generator, *, side_px: int) -> _Picture:
    """Make a picture small, as a distant face is, and large again."""
    small = cv2.resize(picture, (side_px, side_px), interpolation=cv2.INTER_AREA)
    return _grey(cv2.resize(small, picture.shape[::-1], interpolation=cv2.INTER_LINEAR))


def _rotate(picture: _Picture, rng: np.random.Generator, *, degrees: float) -> _Picture:
    """Turn to the left or to the right."""
    return _warp(picture, degrees=degrees * rng.choice((-1, 1)))


def _scale(picture: _Picture, _: np.random.Generator, *, factor: float) -> _Picture:
    """Show a face larger or smaller in its frame, as a wrong box does."""
    return _warp(picture, factor=factor)


def _shift(picture: _Picture, rng: np.random.Generator, *, share: float) -> _Picture:
    """Move by a share of the side in a random direction."""
    angle = rng.uniform(0, 2 * np.pi)
    reach_px = share * len(picture)
    return _warp(picture, shift_px=(reach_px * np.cos(angle), reach_px * np.sin(angle)))


def _noise(picture: _Picture, rng: np.random.Generator, *, std: float) -> _Picture:
    """Add normal noise of a deviation in grey levels."""
    return _rounded(picture + rng.normal(0, std, picture.shape))


def _warp(
    picture: _Picture, *, degrees: float = 0.0, factor: float = 1.0, shift_px: tuple[float, float] = (0.0, 0.0)
) -> _Picture:
    """Turn, scale and move about the middle; what comes in from outside repeats the border."""
    height, width = picture.shape
    matrix = cv2.getRotationMatrix2D(((width - 1) / 2, (height - 1) / 2), float(degrees), factor)
    matrix[:, 2] += np.array(shift_px)
    return _grey(
        cv2.warpAffine(picture, matrix, (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    )


def _grey(picture: object) -> _Picture:
    return np.asarray(picture, np.uint8)


def _rounded(picture: NDArray[np.float64]) -> _Picture:
    return np.clip(np.rint(picture), 0, 255).astype(np.uint8)


#: The suite. Averages over it are called mean corruption figures, so a change here makes them another measure.
CORRUPTIONS: Final = (
    *(Corruption(name=f"blur, sigma {s} px", change=partial(_blur, sigma_px=s)) for s in (1.0, 2.0)),
    *(Corruption(name=f"motion blur {n} px", change=partial(_motion_blur, length_px=n)) for n in (5, 9)),
    *(Corruption(name=f"JPEG quality {q}", change=partial(_jpeg, quality=q)) for q in (40, 20)),
    Corruption(name="too bright, gamma 0.4", change=partial(_gamma, gamma=0.4)),
    Corruption(name="too dark, gamma 2.2", change=partial(_gamma, gamma=2.2)),
    *(Corruption(name=f"face of {s} px", change=partial(_low_resolution, side_px=s)) for s in (32, 24, 16)),
    *(Corruption(name=f"turned {d} degrees", change=partial(_rotate, degrees=d)) for d in (15, 30)),
    *(Corruption(name=f"scaled by {f}", change=partial(_scale, factor=f)) for f in (0.8, 1.25)),
    Corruption(name="shifted 10 %", change=partial(_shift, share=0.1)),
    *(Corruption(name=f"noise, deviation {s}", change=partial(_noise, std=s)) for s in (8, 16)),
)
