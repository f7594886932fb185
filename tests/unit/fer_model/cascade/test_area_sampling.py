"""Area sampling against F.interpolate(mode="area"), which it must equal at any size, growing included."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor
from torch.nn import functional as F

from core.frames import RgbImage
from fer_model.cascade.area_sampling import IntegralImages, crop, cumulative_sums, resize

pytestmark = pytest.mark.thorough

CPU = torch.device("cpu")
sides_px = st.integers(1, 70)


def make_image(height: int, width: int, *, seed: int = 0) -> RgbImage:
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)


def to_nchw(image: RgbImage) -> Tensor:
    return torch.from_numpy(image).permute(2, 0, 1)[None].float()  # (H, W, 3) -> (1, 3, H, W)


@pytest.fixture(autouse=True)
def _one_thread() -> None:
    torch.set_num_threads(1)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(height=sides_px, width=sides_px, new_height=sides_px, new_width=sides_px)
def test_resize_equals_interpolation_by_area(height: int, width: int, new_height: int, new_width: int) -> None:
    images = [make_image(height, width, seed=seed) for seed in range(2)]
    resized = resize(IntegralImages(CPU).of(images), (new_height, new_width), range(new_height))
    for image, own in zip(images, resized, strict=True):
        expected = F.interpolate(to_nchw(image), size=(new_height, new_width), mode="area")[0]
        torch.testing.assert_close(own, expected, atol=1e-3, rtol=0)


def test_resize_gives_the_rows_that_were_asked_for() -> None:
    integrals = IntegralImages(CPU).of([make_image(50, 41)])
    whole = resize(integrals, (23, 19), range(23))
    assert torch.equal(resize(integrals, (23, 19), range(7, 15)), whole[:, :, 7:15])


@settings(max_examples=60, deadline=None, derandomize=True)
@given(data=st.data(), height=sides_px, width=sides_px, side_px=st.sampled_from([24, 48]))
def test_crop_equals_interpolation_of_the_cut_out_window(
    data: st.DataObject, height: int, width: int, side_px: int
) -> None:
    images = [make_image(height, width, seed=seed) for seed in range(3)]
    windows, image_index = [], []
    for _ in range(4):
        x1, y1 = data.draw(st.integers(0, width - 1)), data.draw(st.integers(0, height - 1))
        windows.append((x1, y1, data.draw(st.integers(x1 + 1, width)), data.draw(st.integers(y1 + 1, height))))
        image_index.append(data.draw(st.integers(0, 2)))
    cut = crop(IntegralImages(CPU).of(images), torch.tensor(image_index), torch.tensor(windows), side_px)
    for own, which, (x1, y1, x2, y2) in zip(cut, image_index, windows, strict=True):
        expected = F.interpolate(to_nchw(images[which][y1:y2, x1:x2]), size=(side_px, side_px), mode="area")[0]
        torch.testing.assert_close(own, expected, atol=1e-3, rtol=0)


def test_crop_of_no_window_is_an_empty_batch() -> None:
    integrals = IntegralImages(CPU).of([make_image(8, 8)])
    none = torch.empty(0, dtype=torch.int64)
    assert crop(integrals, none, none.view(0, 4), 24).shape == (0, 3, 24, 24)


def test_sums_beyond_int32_wrap_without_a_trace() -> None:
    image = np.full((3000, 3000, 3), 255, dtype=np.uint8)  # sums up to 2.3e9
    integrals = IntegralImages(CPU).of([image])
    assert int(integrals.min()) < 0
    assert torch.equal(resize(integrals, (30, 30), range(30)), torch.full((1, 3, 30, 30), 255.0))
    last_corner = crop(integrals, torch.tensor([0]), torch.tensor([[2500, 2500, 3000, 3000]]), 24)
    assert torch.equal(last_corner, torch.full((1, 3, 24, 24), 255.0))


def test_sums_where_the_pictures_are_equal_those_of_the_cpu() -> None:
    images = [make_image(13, 29, seed=seed) for seed in range(2)]
    assert torch.equal(cumulative_sums(torch.from_numpy(np.stack(images))), IntegralImages(CPU).of(images))


def test_memory_used_before_leaves_nothing_in_later_sums() -> None:
    integral_images = IntegralImages(CPU)
    integral_images.of([make_image(40, 50), make_image(40, 50, seed=1)])
    image = make_image(17, 23, seed=2)
    assert torch.equal(integral_images.of([image]), IntegralImages(CPU).of([image]))


def test_views_and_flipped_images_are_read_as_they_look() -> None:
    image = make_image(20, 30)
    flipped = image[:, ::-1]
    sums = IntegralImages(CPU).of([flipped])
    assert torch.equal(sums, IntegralImages(CPU).of([flipped.copy()]))
