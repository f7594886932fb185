"""Sampling without torch gives the very pixels that sampling in torch gives, normalised."""

import numpy as np
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from core.frames import RgbImage
from fer_model.cascade import area_sampling
from fer_model.cascade.corner_sums import CornerSums, crop, normalised, resize

sides_px = st.integers(1, 70)


def make_image(height: int, width: int, *, seed: int = 0) -> RgbImage:
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)


def in_torch(images: list[RgbImage]) -> torch.Tensor:
    return area_sampling.IntegralImages(torch.device("cpu")).of(images)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(height=sides_px, width=sides_px, new_height=sides_px, new_width=sides_px, data=st.data())
def test_resize_equals_torchs(height: int, width: int, new_height: int, new_width: int, data: st.DataObject) -> None:
    images = [make_image(height, width, seed=seed) for seed in range(2)]
    rows = range(data.draw(st.integers(0, new_height - 1)), new_height)
    resized = resize(CornerSums().of(images), (new_height, new_width), rows)
    expected = area_sampling.resize(in_torch(images), (new_height, new_width), rows).numpy()
    np.testing.assert_array_equal(resized, normalised(expected.copy()))


@settings(max_examples=60, deadline=None, derandomize=True)
@given(data=st.data(), height=sides_px, width=sides_px, side_px=st.sampled_from([24, 48]))
def test_crop_equals_torchs(data: st.DataObject, height: int, width: int, side_px: int) -> None:
    images = [make_image(height, width, seed=seed) for seed in range(3)]
    drawn = []
    for _ in range(4):
        x1, y1 = data.draw(st.integers(0, width - 1)), data.draw(st.integers(0, height - 1))
        drawn.append((x1, y1, data.draw(st.integers(x1 + 1, width)), data.draw(st.integers(y1 + 1, height))))
    windows, image_index = np.array(drawn), np.array([data.draw(st.integers(0, 2)) for _ in drawn])
    cut = crop(CornerSums().of(images), image_index, windows, side_px)
    expected = area_sampling.crop(in_torch(images), torch.from_numpy(image_index), torch.from_numpy(windows), side_px)
    np.testing.assert_array_equal(cut, normalised(expected.numpy().copy()))


def test_crop_of_no_window_is_an_empty_batch() -> None:
    none = np.empty(0, np.int64)
    assert crop(CornerSums().of([make_image(8, 8)]), none, none.reshape(0, 4), 24).shape == (0, 3, 24, 24)


def test_sums_beyond_int32_wrap_without_a_trace() -> None:
    sums = CornerSums().of([np.full((3000, 3000, 3), 255, dtype=np.uint8)])  # up to 2.3e9
    assert int(sums.min()) < 0
    assert np.all(resize(sums, (30, 30), range(30)) == np.float32(127.5 / 128))
    last_corner = crop(sums, np.array([0]), np.array([[2500, 2500, 3000, 3000]]), 24)
    assert np.all(last_corner == np.float32(127.5 / 128))


def test_memory_used_before_leaves_nothing_in_later_sums() -> None:
    corner_sums = CornerSums()
    corner_sums.of([make_image(40, 50), make_image(40, 50, seed=1)])
    image = make_image(17, 23, seed=2)
    np.testing.assert_array_equal(corner_sums.of([image]), CornerSums().of([image]))


def test_flipped_images_are_read_as_they_look() -> None:
    flipped = make_image(20, 30)[:, ::-1]
    np.testing.assert_array_equal(CornerSums().of([flipped]), CornerSums().of([flipped.copy()]))
