from itertools import islice

import numpy as np
import pytest

from core.frames import Face, Frame, FrameStatus
from core.observations import track_number
from fer_model.detection.detector import SearchedFrame
from tests.factories import LANDMARKS, make_reading
from worker.face_reader import FaceReader
from worker.pipeline import Analyser


def batched(items, length):
    items = iter(items)
    while batch := list(islice(items, length)):
        yield batch


class FakeDetector:
    """Finds as many faces as the frame's first pixel says, side by side, largest first."""

    def __init__(self, group_length=2):
        self._group_length = group_length

    def search(self, frames):
        for group in batched(frames, self._group_length):
            yield [SearchedFrame(frame=f, faces=self._faces(f), begins_shot=f.frame_index == 0) for f in group]

    def _faces(self, frame):
        return () if frame.image is None else tuple(self._face(i) for i in range(frame.image[0, 0, 0]))

    def _face(self, index):
        left, top, height = index * 10.0, 5.123456, 30.0 - index
        return Face(box=(left, top, left + 8, top + height), score=0.9, landmarks=LANDMARKS)


class FakeClassifier:
    """Reads every crop as what its mean grey says: dark is sad, bright is happy."""

    def __init__(self):
        self.num_crops = []

    def classify(self, crops):
        self.num_crops.append(len(crops))
        return [make_reading("happy" if crop.mean() > 127 else "sad") for crop in crops]


def make_numbered_frame(number, *, frame_index, size=(48, 64)):
    image = np.full((*size, 3), 200, np.uint8)
    image[0, 0] = number
    return Frame(frame_index=frame_index, pts_us=frame_index * 40_000, image=image)


def make_analyser(*, detector=None, min_score=0.8, keep_landmarks=False):
    reader = FaceReader(classifier=FakeClassifier(), keep_landmarks=keep_landmarks)
    return Analyser(detector=detector or FakeDetector(), reader=reader, min_score=min_score)


def test_every_frame_goes_out_once_and_in_order_whatever_it_showed():
    frames = [make_numbered_frame(n, frame_index=i) for i, n in enumerate([0, 2, 1, 0, 3])]
    rows = list(make_analyser().analyse(frames))
    assert [row.frame_index for row in rows] == [0, 1, 2, 3, 4]
    assert [len(row.faces) for row in rows] == [0, 2, 1, 0, 3]
    assert [row.status for row in rows] == ["no_face", "face", "face", "no_face", "face"]


def test_an_undecodable_frame_is_a_row_and_shifts_nobodys_faces():
    frames = [
        make_numbered_frame(1, frame_index=0),
        Frame(frame_index=1, pts_us=40_000, image=None),
        make_numbered_frame(2, frame_index=2),
    ]
    rows = list(make_analyser().analyse(frames))
    assert [row.status for row in rows] == [FrameStatus.FACE, FrameStatus.UNDECODABLE, FrameStatus.FACE]
    assert [len(row.faces) for row in rows] == [1, 0, 2]


def test_each_face_gets_its_own_crops_reading():
    bright, dark = make_numbered_frame(1, frame_index=0), make_numbered_frame(1, frame_index=1)
    dark.image[1:] = 10
    rows = list(make_analyser().analyse([bright, dark]))
    assert [row.faces[0].reading.top for row in rows] == ["happy", "sad"]


def test_a_span_of_undecodable_frames_asks_nobody():
    rows = list(make_analyser().analyse([Frame(frame_index=0, pts_us=0, image=None)]))
    assert [row.status for row in rows] == ["undecodable"]


def test_no_frames_make_no_rows():
    assert list(make_analyser().analyse([])) == []


@pytest.mark.parametrize("group_length", [1, 3, 100])
def test_how_frames_are_grouped_does_not_change_the_rows(group_length):
    frames = [make_numbered_frame(n, frame_index=i) for i, n in enumerate([0, 2, 1, 0, 3])]
    expected = list(make_analyser().analyse(frames))
    assert list(make_analyser(detector=FakeDetector(group_length)).analyse(frames)) == expected


def test_a_face_keeps_its_track_and_a_new_one_gets_its_own():
    frames = [make_numbered_frame(n, frame_index=i) for i, n in enumerate([1, 2, 1])]
    rows = list(make_analyser().analyse(frames))
    tracks = [[face.track for face in row.faces] for row in rows]
    assert tracks == [[0], [0, track_number(frame_index=1, face_index=1)], [0]]


def test_rows_are_rounded_far_below_their_error():
    (row,) = make_analyser().analyse([make_numbered_frame(1, frame_index=0)])
    assert row.faces[0].face.box == (0.0, 5.12, 8.0, 35.12)
    assert row.faces[0].face_px == 30.0


def test_faces_that_the_detector_doubts_are_left_out():
    (row,) = make_analyser(min_score=0.95).analyse([make_numbered_frame(2, frame_index=0)])
    assert row.status == "no_face"


def test_landmarks_are_kept_only_when_asked():
    frames = [make_numbered_frame(1, frame_index=0)]
    assert next(iter(make_analyser().analyse(frames))).faces[0].face.landmarks == ()
    kept = next(iter(make_analyser(keep_landmarks=True).analyse(frames))).faces[0].face.landmarks
    assert len(kept) == 5
