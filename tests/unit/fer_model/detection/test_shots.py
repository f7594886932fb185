"""A cut begins a shot; moving, noise and a change of light do not."""

import numpy as np
import pytest
import skimage.data

from fer_model.detection.shots import Shots


@pytest.fixture
def portrait():
    return skimage.data.astronaut()[:360, :480]


@pytest.fixture
def coffee():
    return skimage.data.coffee()[:360, :480]


def begins(*images) -> list[bool]:
    shots = Shots()
    return [shots.begins(image) for image in images]


def test_the_first_picture_begins_a_shot_and_the_same_again_does_not(portrait):
    assert begins(portrait, portrait) == [True, False]


def test_a_cut_begins_one_either_way(portrait, coffee):
    assert begins(portrait, coffee, coffee, portrait) == [True, True, False, True]


def test_a_few_pixels_of_moving_or_noise_do_not(portrait):
    rng = np.random.default_rng(0)
    noisy = (portrait + rng.normal(0, 8, portrait.shape)).clip(0, 255).astype(np.uint8)
    assert begins(portrait, np.roll(portrait, 4, axis=1), noisy) == [True, False, False]


def test_a_little_less_light_does_not(portrait):
    assert begins(portrait, (portrait * 0.85).astype(np.uint8)) == [True, False]


def test_nothing_is_known_across_an_undecodable_picture(portrait):
    assert begins(portrait, None, portrait, portrait) == [True, True, True, False]


def test_a_picture_of_another_size_begins_one(portrait):
    assert begins(portrait, portrait[:, :400]) == [True, True]
