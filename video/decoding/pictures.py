"""Turns decoded pictures into upright RGB. Knows pixel formats and rotation; knows no file and no time."""

from typing import cast

import numpy as np
from av.video.frame import VideoFrame
from av.video.reformatter import VideoReformatter

from core.frames import RgbImage


class RgbConverter:
    """Makes pictures RGB, by the colour matrix and range that each is tagged with, and turns them upright.

    Keep one for the pictures of a stream: what it sets up for a format and size serves the next picture too.
    """

    def __init__(self) -> None:
        self._reformatter = VideoReformatter()

    def convert(self, picture: VideoFrame) -> RgbImage:
        """Return a picture as (H, W, 3) uint8, upright."""
        # left to itself libav starts threads for every picture, which costs more than the conversion
        converted = self._reformatter.reformat(picture, format="rgb24", threads=1)
        image = cast(RgbImage, converted.to_ndarray())  # (H, W, 3)
        # The display matrix turns counter-clockwise, as np.rot90 does.
        num_quarter_turns = round(picture.rotation / 90) % 4
        return np.ascontiguousarray(np.rot90(image, num_quarter_turns))  # also drops the decoder's padding of lines
