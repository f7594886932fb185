import cv2
import numpy as np
import pytest

from core.frames import Face
from training.datasets.alignment import LEFT_EYE, RIGHT_EYE, align, enlarged, eyes_in_picture, make_alignment_detector
from training.datasets.face_set import FaceSet


def make_faces(pictures):
    num = len(pictures)
    return FaceSet(
        pictures=np.stack(pictures),
        emotion_index=np.arange(num) % 7,
        votes=np.zeros((num, 10), np.float32),
        split_index=np.zeros(num, np.int64),
        row_index=np.arange(num),
    )


def eyes_at(left, right, *, bright_px=2):
    """A dark picture with two bright eyes, at x, y px."""
    picture = np.full((48, 48), 20, np.uint8)
    for x, y in (left, right):
        cv2.circle(picture, (round(x), round(y)), bright_px, 240, -1)
    return picture


class EyeDetector:
    """Finds a face with the given eyes in each picture; None: finds nobody."""

    def __init__(self, *eyes):
        self._eyes = list(eyes)

    def detect(self, images):
        return [self._faces(*self._eyes.pop(0)) for _ in images]

    def _faces(self, left, right):
        if left is None:
            return ()
        landmarks = tuple(tuple(4.0 * (np.array(point) + 12)) for point in (left, right))
        return (Face(box=(0.0, 0.0, 100.0, 100.0), score=0.99, landmarks=landmarks),)


def say_nothing(_):
    """Take a number of pictures done."""


def brightest(picture, half):
    """Centre of the bright pixels of the left (0) or right (1) half: x, y px."""
    rows, columns = np.nonzero(picture > 150)
    chosen = (columns >= 24) == bool(half)
    return columns[chosen].mean(), rows[chosen].mean()


@pytest.mark.parametrize(
    ("left", "right"),
    [((15, 19), (33, 18)), ((10, 14), (30, 24)), ((20, 25), (34, 22)), ((8, 20), (36, 20))],
    ids=["already there", "turned and high", "small and low", "large"],
)
def test_both_eyes_come_to_the_median(left, right):
    aligned = align(make_faces([eyes_at(left, right)]), EyeDetector((left, right)), report=say_nothing)
    assert aligned.is_aligned.tolist() == [True]
    picture = aligned.faces.pictures[0]
    assert brightest(picture, 0) == pytest.approx(48 * np.array(LEFT_EYE), abs=0.8)
    assert brightest(picture, 1) == pytest.approx(48 * np.array(RIGHT_EYE), abs=0.8)


@pytest.mark.parametrize(
    "eyes",
    [(None, None), ((20, 20), (24, 20)), ((2, 20), (46, 20)), ((24, 10), (26, 34)), ((20, 20), (20, 20))],
    ids=["nobody", "a profile", "too far apart", "upright", "one point"],
)
def test_a_picture_without_believable_eyes_stays_and_is_counted(eyes):
    faces = make_faces([eyes_at((15, 19), (33, 18))])
    aligned = align(faces, EyeDetector(eyes), report=say_nothing)
    assert aligned.num_left == 1
    assert np.array_equal(aligned.faces.pictures, faces.pictures)


def test_labels_stay_and_the_given_pictures_are_not_changed():
    left, right = (12, 14), (30, 20)
    faces = make_faces([eyes_at(left, right), eyes_at((15, 19), (33, 18))])
    before = faces.pictures.copy()
    aligned = align(faces, EyeDetector((left, right), (None, None)), report=say_nothing)
    assert aligned.is_aligned.tolist() == [True, False]
    assert np.array_equal(faces.pictures, before)
    assert np.array_equal(aligned.faces.emotion_index, faces.emotion_index)


def test_progress_is_told_to_the_end():
    told = []
    align(make_faces([eyes_at((15, 19), (33, 18))] * 70), EyeDetector(*[(None, None)] * 70), report=told.append)
    assert told == [64, 70]


def test_a_real_face_that_was_turned_comes_back_upright():
    from skimage.data import astronaut

    grey = cv2.cvtColor(np.ascontiguousarray(astronaut()), cv2.COLOR_RGB2GRAY)
    turn = cv2.getRotationMatrix2D((224, 115), 28, 1.0)
    face = cv2.warpAffine(grey, turn, (512, 512))[50:190, 150:290]
    faces = make_faces([cv2.resize(face, (48, 48), interpolation=cv2.INTER_AREA)])
    detector = make_alignment_detector()
    first, again = (align(faces, detector, report=say_nothing).faces.pictures for _ in range(2))
    assert np.array_equal(first, again)
    (before,), (after,) = detector.detect([enlarged(faces.pictures[0])]), detector.detect([enlarged(first[0])])
    target = 48 * np.array([LEFT_EYE, RIGHT_EYE])
    assert np.abs(eyes_in_picture(before[0]) - target).max() > 3
    assert eyes_in_picture(after[0]) == pytest.approx(target, abs=1.5)
