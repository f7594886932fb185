import json

from core.documents import face_document, frame_document, timeline_document
from core.emotions import EMOTIONS
from core.frames import FrameStatus
from tests.factories import make_face_observation, make_frame_observation, make_timeline, make_timeline_point


def test_a_timeline_has_the_keys_of_its_contract():
    document = timeline_document(make_timeline(points=(make_timeline_point(), make_timeline_point(probs=None))))
    assert {"media_id", "bin_seconds", "points", "notice", "smoothed"} <= document.keys()
    first, second = document["points"]
    assert {"start_seconds", "num_frames", "num_face_frames", "probs", "top"} <= first.keys()
    assert tuple(first["probs"]) == EMOTIONS
    assert second["probs"] is None
    assert second["top"] is None


def test_a_frame_has_the_keys_of_its_contract():
    document = frame_document(make_frame_observation(0.04))
    assert {"frame_index", "pts_seconds", "status", "faces"} <= document.keys()
    assert {"face_index", "box", "score", "probs"} <= document["faces"][0].keys()
    assert document["pts_seconds"] == 0.04
    assert frame_document(make_frame_observation(status=FrameStatus.NO_FACE))["faces"] == []


def test_documents_are_plain_json():
    text = json.dumps([face_document(make_face_observation()), timeline_document(make_timeline())])
    assert "appear" in text
