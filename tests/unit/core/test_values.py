import math

import numpy as np
import pytest

from core.frames import Frame, FrameStatus
from core.media import AnalysisParameters, ChunkSpan
from core.observations import FrameObservation, Reading
from tests.factories import make_face_observation, make_probs


@pytest.mark.parametrize("probs", [(0.5, 0.5), (0.2,) * 7, (math.nan,) * 7])
def test_a_reading_needs_seven_probabilities_that_sum_to_one(probs):
    with pytest.raises(ValueError, match="7 probabilities that sum to 1"):
        Reading(probs=probs, unreadable=0.0, abstained=False)


def test_a_readings_top_is_its_most_probable_emotion():
    assert Reading(probs=make_probs("sad"), unreadable=0.0, abstained=False).top == "sad"


def test_a_frames_status_and_faces_must_agree():
    with pytest.raises(ValueError, match="no_face frame with 1 faces"):
        FrameObservation(frame_index=0, pts_us=0, status=FrameStatus.NO_FACE, faces=(make_face_observation(),))
    with pytest.raises(ValueError, match="face frame with 0 faces"):
        FrameObservation(frame_index=0, pts_us=0, status=FrameStatus.FACE)


def test_a_frame_holds_a_colour_picture():
    with pytest.raises(ValueError, match=r"\(5, 5\)"):
        Frame(frame_index=0, pts_us=0, image=np.zeros((5, 5), np.uint8))


@pytest.mark.parametrize("rate", [0.0, -1.0, math.nan, math.inf, 5000.0])
def test_a_rate_must_be_a_sensible_number(rate):
    with pytest.raises(ValueError, match="sample_rate_hz"):
        AnalysisParameters(sample_rate_hz=rate)


def test_a_span_has_a_length():
    with pytest.raises(ValueError, match="not a span"):
        ChunkSpan(chunk_index=0, start_us=5, end_us=5, first_frame_index=0, previous_pts_us=None)
