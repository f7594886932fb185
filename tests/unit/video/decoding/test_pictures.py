"""Pictures become RGB by the colour matrix and range that they are tagged with."""

import av
import numpy as np
import pytest
from av.video.reformatter import ColorRange, Colorspace

from video.decoding.pictures import RgbConverter

LUMA, BLUE, RED = 100, 90, 180


def make_picture(colorspace: int, color_range: int) -> av.VideoFrame:
    planes = np.concatenate([np.full(16 * 16, LUMA), np.full(8 * 8, BLUE), np.full(8 * 8, RED)]).astype(np.uint8)
    picture = av.VideoFrame.from_ndarray(planes.reshape(24, 16), format="yuv420p")
    picture.colorspace = colorspace
    picture.color_range = color_range
    return picture


@pytest.mark.parametrize(("colorspace", "kr", "kb"), [(Colorspace.ITU601, 0.299, 0.114), (1, 0.2126, 0.0722)])
@pytest.mark.parametrize("color_range", [ColorRange.MPEG, ColorRange.JPEG])
def test_colours_follow_the_tagged_matrix_and_range(colorspace: int, kr: float, kb: float, color_range: int) -> None:
    is_full = color_range == ColorRange.JPEG
    y = LUMA if is_full else (LUMA - 16) * 255 / 219
    pb, pr = ((value - 128) * (1 if is_full else 255 / 224) for value in (BLUE, RED))
    red, blue = y + 2 * (1 - kr) * pr, y + 2 * (1 - kb) * pb
    green = (y - kr * red - kb * blue) / (1 - kr - kb)

    image = RgbConverter().convert(make_picture(int(colorspace), int(color_range)))
    assert (image.shape, image.dtype) == ((16, 16, 3), np.uint8)
    assert np.abs(image[8, 8].astype(float) - [red, green, blue]).max() <= 2.5


def test_an_image_is_contiguous_whatever_the_decoders_line_padding() -> None:
    picture = av.VideoFrame.from_ndarray(np.zeros((49, 65, 3), np.uint8), format="rgb24").reformat(format="yuv444p")
    assert RgbConverter().convert(picture).flags.c_contiguous


def test_one_converter_serves_pictures_of_all_kinds_in_turn() -> None:
    small = av.VideoFrame.from_ndarray(np.full((48, 32), LUMA, np.uint8), format="yuv420p")
    ranges = ColorRange.MPEG, ColorRange.JPEG
    pictures = [make_picture(int(matrix), int(of)) for matrix in (Colorspace.ITU601, 1) for of in ranges] + [small]
    converter = RgbConverter()
    for picture in [*pictures, *reversed(pictures)]:
        assert np.array_equal(converter.convert(picture), RgbConverter().convert(picture))


def test_lines_of_large_pictures_do_not_depend_on_who_converts_them() -> None:
    noise = np.random.default_rng(1).integers(0, 256, (361, 642, 3), np.uint8)
    picture = av.VideoFrame.from_ndarray(noise, format="rgb24").reformat(format="yuv422p")
    assert np.array_equal(RgbConverter().convert(picture), picture.to_ndarray(format="rgb24"))
