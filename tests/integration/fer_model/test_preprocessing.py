"""Training and use see the same picture: FER2013 pictures pasted into frames are read as they are read directly."""

import runpy
from pathlib import Path

import numpy as np
import pytest

from core.frames import Face
from fer_model.checkpoints.card import find_card
from fer_model.crop import SIDE_PER_BOX_HEIGHT, crop_faces
from fer_model.runtime import load_networks

DATA = Path(__file__).resolve().parents[4] / "shared" / "data"
pytestmark = pytest.mark.skipif(not DATA.exists(), reason="the FER2013 research data is not beside this checkout")

SCALE, TOP, LEFT = 4, 80, 200


@pytest.fixture(scope="module")
def networks():
    return load_networks(find_card("small"))


@pytest.fixture(scope="module")
def pictures():
    """60 pictures of PrivateTest."""
    data = runpy.run_path(str(DATA / "load_fer2013.py"))["load"]()
    return data["pixels"][data["usage"] == 2][:60]


def paste(picture):
    frame = np.full((360, 640, 3), 110, np.uint8)
    large = picture.repeat(SCALE, axis=0).repeat(SCALE, axis=1)
    frame[TOP : TOP + 48 * SCALE, LEFT : LEFT + 48 * SCALE] = large[..., None]
    return frame


def test_a_pasted_picture_is_read_as_the_picture_itself(networks, pictures):
    x, y, half = LEFT + 24 * SCALE, TOP + 24 * SCALE, 24 * SCALE / SIDE_PER_BOX_HEIGHT
    level_eyes = ((x - 30, y), (x + 30, y), (x, y), (x, y), (x, y))
    face = Face(box=(x - half, y - half, x + half, y + half), score=1.0, landmarks=level_eyes)
    crops = np.concatenate([crop_faces(paste(picture), [face]) for picture in pictures])
    direct, pasted = networks.classifier.classify(pictures), networks.classifier.classify(crops)
    assert np.abs(np.array([r.probs for r in direct]) - np.array([r.probs for r in pasted])).max() < 0.02


def test_found_by_the_detector_most_pictures_are_still_read_alike(networks, pictures):
    found = networks.cascade_for(min_face_px=60).detect([paste(picture) for picture in pictures])
    positions = [i for i, faces in enumerate(found) if faces]
    assert len(positions) > 0.7 * len(pictures)
    crops = np.concatenate([crop_faces(paste(pictures[i]), found[i][:1]) for i in positions])
    direct, read = networks.classifier.classify(pictures[positions]), networks.classifier.classify(crops)
    agreement = np.mean([a.top == b.top for a, b in zip(direct, read, strict=True)])
    print(f"{len(positions)} of {len(pictures)} found, labels agree on {agreement:.2f}")
    assert agreement > 0.7
