"""Sessions are the unit: a long one weighs no more than a short one, and one alone has no interval."""

import json
from zoneinfo import ZoneInfo

import pytest

from core.calendar_bins import parse_width
from core.documents import NOTICE
from core.people.longitudinal import Enough, SessionBin, points_of, valence
from core.people.longitudinal_document import status_of, subject_timeline_document
from core.people.subject_timeline import LeftOut, SubjectTimeline
from tests.factories import make_probs

HOUR_US = 3_600_000_000
UTC_ZONE = ZoneInfo("UTC")


def make_bin(session: str, *, start_us: int = 0, num_faces: int = 10, prob: float = 0.7) -> SessionBin:
    probs = make_probs("happy", prob)
    return SessionBin(
        start_us=start_us,
        session=session,
        condition=None,
        num_frames=20,
        num_face_frames=num_faces,
        num_rejected_frames=0,
        num_undecodable_frames=0,
        num_faces=num_faces,
        sum_probs=tuple(num_faces * value for value in probs),
    )


def make_timeline(*bins: SessionBin, subject_id: str = "anna", enough: Enough | None = None) -> SubjectTimeline:
    width = parse_width("1h")
    enough = enough or Enough()
    return SubjectTimeline(
        subject_id=subject_id,
        width=width,
        zone=UTC_ZONE,
        enough=enough,
        points=points_of(bins, width=width, zone=UTC_ZONE, enough=enough),
        model_versions=("small-0123",),
        left_out=LeftOut(num_without_time=1, num_without_rows=0, num_shared=2),
    )


def test_a_long_session_weighs_as_much_as_a_short_one():
    [point] = make_timeline(make_bin("a", num_faces=10, prob=0.2), make_bin("b", num_faces=1000, prob=0.6)).points
    assert point.estimates is not None
    assert point.estimates["happy"].mean == pytest.approx(0.4)
    assert (point.num_sessions, point.num_readings) == (2, 1010)


def test_one_session_has_a_value_and_no_interval():
    [point] = make_timeline(make_bin("a"), make_bin("a", start_us=HOUR_US // 2)).points
    assert point.estimates is not None
    assert point.estimates["happy"].low is point.estimates["happy"].high is None


def test_a_gap_is_a_point_without_a_value():
    points = make_timeline(make_bin("a"), make_bin("b", start_us=3 * HOUR_US)).points
    assert [status_of(point) for point in points] == ["ok", "gap", "gap", "ok"]
    assert points[1].coverage is None


@pytest.mark.parametrize("enough", [Enough(min_readings=11), Enough(min_sessions=2)])
def test_too_little_is_insufficient(enough: Enough):
    [point] = make_timeline(make_bin("a"), enough=enough).points
    assert status_of(point) == "insufficient"
    assert point.coverage == 0.5


def test_a_bin_without_any_reading_is_insufficient_however_little_is_asked():
    [point] = make_timeline(make_bin("a", num_faces=0), enough=Enough(min_readings=0, min_sessions=0)).points
    assert status_of(point) == "insufficient"


def test_nobody_filmed_is_no_point():
    assert make_timeline().points == ()


def test_valence_is_happy_less_the_four():
    assert valence(make_probs("happy", 1.0)) == pytest.approx(1)
    assert valence(make_probs("sad", 1.0)) == pytest.approx(-1)
    assert valence(make_probs("neutral", 1.0)) == valence(make_probs("surprise", 1.0)) == pytest.approx(0)


def test_document_says_what_it_is_and_what_it_rests_on():
    document = json.loads(json.dumps(subject_timeline_document(make_timeline(make_bin("a")))))
    assert document["notice"] == NOTICE
    assert document["unit_of_sampling"] == "session"
    assert document["left_out"] == {
        "num_media_without_time": 1,
        "num_media_without_rows": 0,
        "num_media_shared": 2,
        "num_media_not_assigned_again": 0,
    }
    assert document["points"][0]["estimates"]["happy"] == {"mean": 0.7, "low": None, "high": None}
