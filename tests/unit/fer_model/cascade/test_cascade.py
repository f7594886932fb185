"""The cascade keeps its contract on portraits from packages and on odd pictures, whatever runs its networks."""

import numpy as np
import pytest
import skimage.data
import torch

from core.frames import Face, RgbImage
from fer_model.cascade import cascade, graph_cascade, pyramid, torch_cascade
from fer_model.cascade.cascade import Cascade
from fer_model.cascade.cascade_networks import CascadeNetworks
from fer_model.detection.detector import Detector


@pytest.fixture(scope="module", params=[graph_cascade, torch_cascade], ids=["onnxruntime", "torch"])
def networks(request: pytest.FixtureRequest) -> CascadeNetworks:
    torch.set_num_threads(1)
    return request.param.load_networks()


@pytest.fixture
def detector(networks: CascadeNetworks) -> Detector:
    return Cascade(networks, min_face_px=40)


def make_portrait(*, shift_px: int = 0) -> RgbImage:
    """The astronaut Eileen Collins, head and shoulders, 300x300; shifted around the border."""
    portrait: RgbImage = skimage.data.astronaut()[:300, 60:360]
    return np.roll(portrait, shift_px, axis=1)


def make_blank(height: int = 300, width: int = 300, *, grey: int = 128) -> RgbImage:
    return np.full((height, width, 3), grey, dtype=np.uint8)


def as_numbers(faces: tuple[Face, ...]) -> list[float]:
    """Box and landmarks in shares of 300 px, and the score."""
    return [
        number
        for face in faces
        for number in (*(x / 300 for x in face.box), face.score, *(x / 300 for point in face.landmarks for x in point))
    ]


def test_a_portrait_has_one_face_with_landmarks_in_their_places(detector: Detector) -> None:
    [(face,)] = detector.detect([make_portrait()])
    left_eye, right_eye, nose, mouth_left, mouth_right = face.landmarks
    x1, y1, x2, y2 = face.box
    assert face.score > 0.99
    assert x1 < left_eye[0] < nose[0] < right_eye[0] < x2
    assert y1 < left_eye[1] < nose[1] < mouth_left[1] < y2
    assert mouth_left[0] < mouth_right[0]


def test_largest_face_comes_first(detector: Detector) -> None:
    portrait = make_portrait()
    small = np.concatenate([portrait[::2, ::2], make_blank(150, 150)])
    for image in (np.concatenate([small, portrait], axis=1), np.concatenate([portrait, small], axis=1)):
        [(first, second)] = detector.detect([image])
        assert first.height_px > 1.5 * second.height_px


def test_face_cut_by_the_border_keeps_its_whole_box(detector: Detector) -> None:
    [(face,)] = detector.detect([make_portrait()])
    cut = make_portrait()[:, int(face.box[0] + 0.25 * (face.box[2] - face.box[0])) :]
    [(cut_face,)] = detector.detect([cut])
    assert cut_face.box[0] < 0


@pytest.mark.parametrize(
    "size", [(1, 1), (1, 4000), (10, 10), (12, 12), (39, 39), (40, 40), (41, 300), (0, 0), (0, 50), (360, 640)]
)
def test_picture_without_a_face_gives_an_empty_tuple(detector: Detector, size: tuple[int, int]) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (*size, 3), dtype=np.uint8)
    images = [make_blank(*size, grey=0), make_blank(*size, grey=255), noise]
    assert detector.detect(images) == [(), (), ()]


def test_no_picture_gives_no_faces(detector: Detector) -> None:
    assert detector.detect([]) == []


def test_faces_stay_with_their_picture_among_other_sizes_and_empty_pictures(detector: Detector) -> None:
    portrait = make_portrait()
    images = [make_blank(), portrait, make_blank(1, 1), portrait[:, 20:], make_blank(200, 90), portrait, make_blank()]
    found = detector.detect(images)
    assert [len(faces) for faces in found] == [0, 1, 0, 1, 0, 1, 0]
    assert found[1][0].box[0] == pytest.approx(found[3][0].box[0] + 20, abs=5)


def test_grouping_into_calls_changes_nothing(detector: Detector) -> None:
    images = [make_portrait(shift_px=shift_px) for shift_px in range(-60, 60, 20)]
    together = detector.detect(images)
    assert all(together)
    one_by_one = [faces for image in images for faces in detector.detect([image])]
    for whole, alone in zip(together, one_by_one, strict=True):
        assert as_numbers(whole) == pytest.approx(as_numbers(alone), abs=1e-5)


@pytest.mark.parametrize("limit", ["MAX_BATCH_PX", "MAX_RNET_CALL", "MAX_ONET_CALL", "MAX_PNET_CALL_PX"])
def test_limits_on_calls_change_nothing(detector: Detector, monkeypatch: pytest.MonkeyPatch, limit: str) -> None:
    portrait = make_portrait()
    images = [
        make_blank(1300),
        np.concatenate([make_blank(700), portrait, make_blank(300)]),
        np.concatenate([make_blank(1000), portrait]),
    ]
    whole = detector.detect(images)
    assert [len(faces) for faces in whole] == [0, 1, 1]
    for module in (pyramid, cascade, graph_cascade, torch_cascade):
        if hasattr(module, limit):
            monkeypatch.setattr(module, limit, 1)
    for small_calls, large_calls in zip(detector.detect(images), whole, strict=True):
        assert as_numbers(small_calls) == pytest.approx(as_numbers(large_calls), abs=1e-5)


def test_the_same_call_gives_the_same_bytes(detector: Detector, networks: CascadeNetworks) -> None:
    images = [make_portrait(), make_blank(), make_portrait(shift_px=30)]
    first = detector.detect(images)
    detector.detect([make_blank(500, 700, grey=30)])
    assert detector.detect(images) == first
    assert Cascade(networks, min_face_px=40).detect(images) == first


def test_faces_smaller_than_asked_for_are_not_searched(networks: CascadeNetworks) -> None:
    assert Cascade(networks, min_face_px=250).detect([make_portrait()]) == [()]


def test_flipped_view_is_read_as_it_looks(detector: Detector) -> None:
    mirrored = make_portrait()[:, ::-1]
    assert detector.detect([mirrored]) == detector.detect([mirrored.copy()])


@pytest.mark.parametrize("image", [np.zeros((50, 50), np.uint8), np.zeros((50, 50, 1), np.uint8), np.zeros((9, 9, 3))])
def test_what_is_not_an_rgb_image_is_refused(detector: Detector, image: RgbImage) -> None:
    with pytest.raises(ValueError, match=r"expected an \(H, W, 3\) uint8 image, got \("):
        detector.detect([image])


def test_smallest_face_below_the_networks_window_is_refused(networks: CascadeNetworks) -> None:
    with pytest.raises(ValueError, match="at least 12, got 11"):
        Cascade(networks, min_face_px=11)
