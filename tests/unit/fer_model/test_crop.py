import numpy as np
import pytest

from core.frames import Face
from fer_model.crop import CROP_SIDE_PX, SIDE_PER_BOX_HEIGHT, crop_faces, roll_degrees, sharpness

LEVEL_EYES = ((40.0, 40.0), (60.0, 40.0), (50.0, 50.0), (42.0, 60.0), (58.0, 60.0))


def make_face(*, centre=(50.0, 50.0), height=40.0, landmarks=LEVEL_EYES):
    (x, y), half = centre, height / 2
    return Face(box=(x - 0.8 * half, y - half, x + 0.8 * half, y + half), score=0.99, landmarks=landmarks)


def paste(picture, *, scale=4, canvas=(400, 600), at=(100, 200)):
    """Put a grey picture, enlarged, into a coloured frame; return the frame and the face whose crop it is."""
    large = picture.repeat(scale, axis=0).repeat(scale, axis=1)
    frame = np.zeros((*canvas, 3), np.uint8)
    frame[..., 0] = 90
    top, left = at
    side = large.shape[0]
    frame[top : top + side, left : left + side] = large[..., None]
    centre = (left + side / 2, top + side / 2)
    eyes = tuple((centre[0] + dx, centre[1] - 10) for dx in (-20, 20))
    return frame, make_face(centre=centre, height=side / SIDE_PER_BOX_HEIGHT, landmarks=(*eyes, centre, centre, centre))


def test_a_picture_pasted_into_a_frame_comes_back_as_the_network_was_trained_on_it():
    picture = np.random.default_rng(0).integers(0, 256, (48, 48), dtype=np.uint8)
    frame, face = paste(picture)
    (crop,) = crop_faces(frame, [face])
    assert np.abs(crop.astype(int) - picture).max() <= 1


@pytest.mark.parametrize("height", [40.0, 106.6, 133.3, 212.4, 301.7])
def test_a_large_face_is_shrunk_in_steps_to_what_one_step_gives(height):
    cv2 = pytest.importorskip("cv2")
    small = np.random.default_rng(3).integers(0, 256, (12, 12, 3), dtype=np.uint8)  # soft, like a face
    frame = cv2.resize(small, (400, 400), interpolation=cv2.INTER_CUBIC)
    (crop,) = crop_faces(frame, [make_face(centre=(200.0, 200.0), height=height)])
    half = SIDE_PER_BOX_HEIGHT * height / 2
    inside = frame[round(200 - half) : round(200 + half), round(200 - half) : round(200 + half)]
    grey = cv2.cvtColor(inside, cv2.COLOR_RGB2GRAY)
    expected = cv2.resize(grey, (CROP_SIDE_PX, CROP_SIDE_PX), interpolation=cv2.INTER_AREA)
    assert np.abs(crop.astype(int) - expected).mean() < 4  # a square's side is 1 % off at most


def test_no_faces_make_an_empty_batch():
    assert crop_faces(np.zeros((50, 50, 3), np.uint8), []).shape == (0, CROP_SIDE_PX, CROP_SIDE_PX)


@pytest.mark.parametrize("centre", [(0.0, 0.0), (99.0, 0.0), (-80.0, 50.0), (50.0, 300.0)])
def test_a_face_beyond_the_border_is_filled_with_the_border(centre):
    frame = np.full((100, 100, 3), 77, np.uint8)
    (crop,) = crop_faces(frame, [make_face(centre=centre, height=60)])
    assert (crop == 77).all()


def test_a_one_pixel_face_is_cropped_without_error():
    (crop,) = crop_faces(np.zeros((10, 10, 3), np.uint8), [make_face(centre=(5.0, 5.0), height=0.2)])
    assert crop.shape == (48, 48)


@pytest.mark.parametrize("angle", [-40.0, -20.0, 20.0, 40.0])
def test_a_tilted_head_is_turned_upright(angle):
    cv2 = pytest.importorskip("cv2")
    stripes = np.zeros((200, 200, 3), np.uint8)
    stripes[::20] = 255
    stripes[1::20] = 255
    stripes[2::20] = 255
    turn = cv2.getRotationMatrix2D((100, 100), -angle, 1.0)
    tilted = cv2.warpAffine(stripes, turn, (200, 200))
    eyes = np.array([[80.0, 90.0], [120.0, 90.0]]) @ turn[:, :2].T + turn[:, 2]
    landmarks = (*map(tuple, eyes), (100.0, 100.0), (90.0, 110.0), (110.0, 110.0))
    face = make_face(centre=(100.0, 100.0), height=96 / SIDE_PER_BOX_HEIGHT, landmarks=landmarks)
    assert roll_degrees(face) == pytest.approx(angle, abs=1e-6)
    (crop,) = crop_faces(tilted, [face])
    inner = crop[8:-8, 8:-8].astype(float)
    assert inner.std(axis=1).mean() < 0.25 * inner.std(axis=0).mean()  # level stripes vary down, not across


def test_a_slightly_tilted_head_stays_as_it_is():
    frame = np.random.default_rng(1).integers(0, 256, (100, 100, 3), dtype=np.uint8)
    tilted = ((40.0, 40.0), (60.0, 44.0), *LEVEL_EYES[2:])
    level_crop, tilted_crop = (crop_faces(frame, [make_face(landmarks=points)])[0] for points in (LEVEL_EYES, tilted))
    assert (level_crop == tilted_crop).all()


def test_a_blurred_crop_is_less_sharp():
    noise = np.random.default_rng(2).integers(0, 256, (48, 48), dtype=np.uint8)
    assert sharpness(np.full((48, 48), 128, np.uint8)) == 0.0 < sharpness(noise)
