"""On real pictures, the cascade finds in onnxruntime what it finds in torch: boxes, scores and landmarks."""

import numpy as np
import pytest
import skimage.data
import torch

from core.frames import Face, RgbImage
from fer_model.cascade import graph_cascade, torch_cascade
from fer_model.cascade.cascade import Cascade
from fer_model.cascade.windows import judge_windows

BOX_TOLERANCE_PX = 1e-3
SCORE_TOLERANCE = 1e-4


def pictures() -> dict[str, RgbImage]:
    astronaut: RgbImage = skimage.data.astronaut()
    crowd = np.full((1080, 1920, 3), 90, np.uint8)
    for index in range(12):
        side = 512 >> (index % 3)
        top, left = 540 * (index // 6), 310 * (index % 6)
        part = astronaut[:: 512 // side, :: 512 // side][: 1080 - top, : 1920 - left]
        crowd[top : top + part.shape[0], left : left + part.shape[1]] = part
    return {"astronaut": astronaut, "coffee": skimage.data.coffee(), "cat": skimage.data.cat(), "crowd": crowd}


@pytest.fixture(scope="module")
def both():
    torch.set_num_threads(1)
    return graph_cascade.load_networks(), torch_cascade.load_networks()


def assert_alike(one: tuple[Face, ...], other: tuple[Face, ...]) -> None:
    assert len(one) == len(other)
    for mine, theirs in zip(one, other, strict=True):
        np.testing.assert_allclose(mine.box, theirs.box, rtol=0, atol=BOX_TOLERANCE_PX)
        np.testing.assert_allclose(mine.landmarks, theirs.landmarks, rtol=0, atol=BOX_TOLERANCE_PX)
        assert mine.score == pytest.approx(theirs.score, abs=SCORE_TOLERANCE)


@pytest.mark.parametrize("min_face_px", [40, 20])
@pytest.mark.parametrize("name", pictures())
def test_a_search_finds_the_same_faces(both, name, min_face_px) -> None:
    found, expected = (Cascade(networks, min_face_px=min_face_px).detect([pictures()[name]])[0] for networks in both)
    assert name in {"coffee", "cat"} or found
    assert_alike(found, expected)


def test_windows_of_a_followed_face_are_judged_alike(both) -> None:
    images = [pictures()["astronaut"]]
    windows = np.array([[160 + dx, 40, 320 + dx, 200] for dx in range(-30, 40, 10)], np.float32)
    index = np.zeros(len(windows), np.int64)
    found, expected = (judge_windows(networks, images, index, windows) for networks in both)
    assert any(found)
    for one, other in zip(found, expected, strict=True):
        assert_alike(*((sighting.face,) if sighting else () for sighting in (one, other)))
