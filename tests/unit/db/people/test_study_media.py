"""Which media of a study can be held against labels, and what was read in a span."""

from datetime import UTC, datetime

import pytest

from core.people.subjects import Appearance
from db.people.appearances import assign
from db.people.histories import histories
from db.people.studies import add_study
from db.people.study_media import media_named, media_of_study, top_of_spans
from db.people.subjects import add_subject
from db.store import Store
from db.tracks.decisions import assign_tracks
from tests.factories import make_consent, make_face_observation, make_frame_observation, make_study
from tests.simulated_year import write_media

pytestmark = pytest.mark.thorough

WHEN = datetime(2026, 3, 1, tzinfo=UTC)


def frames(*emotions: str):
    return [
        make_frame_observation(
            float(second),
            frame_index=second,
            faces=[make_face_observation(emotion, abstained=emotion == "fear", track=0)] if emotion else [],
        )
        for second, emotion in enumerate(emotions)
    ]


def with_people(store: Store) -> None:
    with store.writing() as connection:
        add_study(connection, make_study(), actor="tester")
        add_study(connection, make_study(id="other"), actor="tester")
        for name, study, group in (("anna", "moods", "a"), ("ben", "moods", None), ("zoe", "other", "a")):
            add_subject(connection, name, make_consent(), study_id=study, group=group, actor="tester")
    for name in ("anna", "ben", "zoe"):
        seen = Appearance(subject_id=name, session=None, condition=None)
        write_media(store, f"{name}-clip", WHEN, frames("happy", "happy", "sad", "", "fear", "sad"), seen)


def test_media_of_a_study_are_those_of_one_of_its_subjects(store: Store):
    with_people(store)
    with store.writing() as connection:
        found = media_of_study(connection, "moods")
        assert sorted(each.path for each in found) == ["/videos/anna-clip.mp4", "/videos/ben-clip.mp4"]
        assert sorted(str(each.group) for each in found) == ["None", "a"]
        [ben] = [each for each in found if each.group is None]
        assign(connection, ben.media_id, Appearance(subject_id="anna"), actor="tester")
        assert [each.path for each in media_of_study(connection, "moods")] == ["/videos/anna-clip.mp4"]


def test_media_with_decisions_about_tracks_are_not_among_them(store: Store):
    with_people(store)
    with store.writing() as connection:
        [anna] = [each for each in media_of_study(connection, "moods") if each.group == "a"]
        assign_tracks(connection, anna.job_id, [0], Appearance(subject_id="anna"), actor="tester")
        assert [each.path for each in media_of_study(connection, "moods")] == ["/videos/ben-clip.mp4"]
        assert [each.subject_id for each in histories(connection, "moods").media] == ["ben"]
        assert histories(connection, "moods").num_shared == 1


def test_media_are_meant_by_id_path_or_file_name(store: Store):
    with_people(store)
    with store.reading() as connection:
        found = media_of_study(connection, "moods")
    [anna] = [each for each in found if each.group == "a"]
    for reference in (anna.media_id, "/videos/anna-clip.mp4", "anna-clip.mp4"):
        assert media_named(found, reference) == [anna]
    assert media_named(found, "zoe-clip.mp4") == []
    assert media_named(found, "") == []


def test_a_span_shows_what_its_counted_readings_show_most(store: Store):
    with_people(store)
    with store.reading() as connection:
        job_id = media_of_study(connection, "moods")[0].job_id
        spans = [(0, 3_000_000), (2_000_000, 6_000_000), (3_000_000, 5_000_000), (9_000_000, 10_000_000)]
        assert top_of_spans(connection, job_id, spans) == ["happy", "sad", None, None]
        assert top_of_spans(connection, job_id, [(9_000_000, 9_500_000)]) == [None]
