import numpy as np
import pytest

from training.evaluation.corruptions import CORRUPTIONS

SEED = 3
BY_NAME = {corruption.name: corruption for corruption in CORRUPTIONS}


@pytest.fixture(scope="module")
def pictures():
    """Three smooth pictures with one bright spot, left of the middle, and some texture."""
    rng = np.random.default_rng(SEED)
    y, x = np.mgrid[:48, :48]
    spot = 60 + 120 * np.exp(-((x - 16) ** 2 + (y - 24) ** 2) / 40)
    return np.clip(spot + rng.normal(0, 6, (3, 48, 48)), 0, 255).astype(np.uint8)


@pytest.mark.parametrize("corruption", CORRUPTIONS, ids=lambda corruption: corruption.name)
def test_each_damages_the_same_way_every_time(pictures, corruption):
    before = pictures.copy()
    damaged = corruption.apply(pictures)
    assert damaged.shape == pictures.shape
    assert damaged.dtype == np.uint8
    assert (damaged != pictures).any(axis=(1, 2)).all()
    assert (corruption.apply(pictures) == damaged).all()
    assert (pictures == before).all()


@pytest.mark.parametrize(
    ("mild", "severe"),
    [
        ("blur, sigma 1.0 px", "blur, sigma 2.0 px"),
        ("JPEG quality 40", "JPEG quality 20"),
        ("face of 32 px", "face of 16 px"),
        ("turned 15 degrees", "turned 30 degrees"),
        ("noise, deviation 8", "noise, deviation 16"),
    ],
)
def test_the_severer_changes_more(pictures, mild, severe):
    changes = [np.abs(BY_NAME[name].apply(pictures) - pictures.astype(float)).mean() for name in (mild, severe)]
    assert changes[0] < changes[1]


def test_names_are_told_apart_and_say_what_they_do(pictures):
    assert len(BY_NAME) == len(CORRUPTIONS) == 18
    assert BY_NAME["too bright, gamma 0.4"].apply(pictures).mean() > pictures.mean() + 20
    assert BY_NAME["too dark, gamma 2.2"].apply(pictures).mean() < pictures.mean() - 20


def test_another_seed_draws_other_noise(pictures):
    noise = BY_NAME["noise, deviation 8"]
    assert (noise.apply(pictures, seed=0) != noise.apply(pictures, seed=1)).any()


def test_a_shift_moves_a_tenth_of_the_side():
    y, x = np.mgrid[:48, :48]
    spots = np.repeat((200 * np.exp(-((x - 20) ** 2 + (y - 24) ** 2) / 40))[None], 8, axis=0).astype(np.uint8)
    moved = BY_NAME["shifted 10 %"].apply(spots)
    places = [np.array(np.unravel_index(picture.argmax(), (48, 48))) for picture in moved]
    assert [float(np.linalg.norm(place - (24, 20))) for place in places] == pytest.approx([4.8] * 8, abs=1.0)


def test_scaling_brings_what_is_off_the_middle_nearer_or_farther():
    dot = np.zeros((1, 48, 48), np.uint8)
    dot[:, 22:26, 11:13] = 255  # 12 px left of the middle
    columns = {name: BY_NAME[name].apply(dot)[0].mean(axis=0).argmax() for name in ("scaled by 0.8", "scaled by 1.25")}
    assert columns["scaled by 0.8"] == pytest.approx(23.5 - 12 * 0.8, abs=1)
    assert columns["scaled by 1.25"] == pytest.approx(23.5 - 12 * 1.25, abs=1)
