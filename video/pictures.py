"""Turns a decoded picture into upright RGB. Knows pixel formats and rotation; knows no file and no time."""

from typing import cast

import numpy as np
from av.video.frame import VideoFrame

from core.frames import RgbImage


def to_upright_rgb(picture: VideoFrame) -> RgbImage:
    """Convert by the colour matrix and range that the picture is tagged with, and turn it upright."""
    image = cast(RgbImage, picture.to_ndarray(format="rgb24"))  # (H, W, 3)
    # The display matrix turns counter-clockwise, as np.rot90 does.
    num_quarter_turns = round(picture.rotation / 90) % 4
    return np.ascontiguousarray(np.rot90(image, num_quarter_turns))  # also drops the decoder's padding of lines
