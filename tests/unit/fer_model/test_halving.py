import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fer_model.halving import halved, halving_factor


@pytest.mark.parametrize(
    ("side_px", "factor"), [(1, 1), (48, 1), (95.9, 1), (96, 2), (191, 2), (192, 4), (384, 8), (2000, 32)]
)
def test_factor_leaves_at_least_so_many_pixels_and_less_than_twice_as_many(side_px, factor):
    assert halving_factor(side_px, least_px=48) == factor


@settings(max_examples=40, deadline=None, derandomize=True)
@given(height=st.integers(1, 300), width=st.integers(1, 300))
def test_shorter_side_says_how_often_a_picture_is_halved(height, width):
    factor = halving_factor(min(height, width), least_px=48)
    small = halved(np.zeros((height, width, 3), np.uint8), least_px=48)
    assert small.shape == (height // factor, width // factor, 3)


def test_two_by_two_pixels_become_their_mean():
    picture = np.random.default_rng(0).integers(0, 256, (120, 96, 3), dtype=np.uint8)
    means = picture.reshape(60, 2, 48, 2, 3).mean(axis=(1, 3))
    assert np.abs(halved(picture, least_px=48) - means).max() <= 0.5


def test_a_small_picture_stays_as_it_is():
    picture = np.zeros((95, 200, 3), np.uint8)
    assert halved(picture, least_px=48) is picture
