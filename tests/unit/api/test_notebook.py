"""A notebook gets typed answers that turn into data frames, and its looks are logged."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from api.notebook import Archive
from core.errors import InputError
from core.people.subjects import Appearance
from db.people import audit
from db.people.studies import add_study
from db.people.subjects import add_subject
from db.queue.ledger import claim_next, commit_chunk
from db.store import Store, open_store
from db.submission import submit
from tests.factories import (
    make_consent,
    make_face_observation,
    make_frame_observation,
    make_request,
    make_sha256,
    make_span,
    make_study,
)

MEDIA = make_sha256("clip")[:16]


@pytest.fixture
def url(tmp_path: Path) -> str:
    """A store with one clip of anna: twelve frames of a happy face, half a second apart."""
    url = f"sqlite:///{tmp_path / 'rows.db'}"
    store = open_store(url)
    with store.writing() as connection:
        add_study(connection, make_study(), actor="test")
        add_subject(connection, "anna", make_consent(), study_id="moods", group=None, actor="test")
    request = make_request(
        "clip",
        spans=(make_span(0),),
        started_at=datetime(2026, 3, 1, 23, 30, tzinfo=UTC),
        appearance=Appearance(subject_id="anna", session="one", condition=None),
    )
    frames = [
        make_frame_observation(index / 2, frame_index=index, faces=(make_face_observation(),)) for index in range(12)
    ]
    write(store, request, frames)
    store.close()
    return url


def write(store: Store, request, frames) -> None:
    with store.writing() as connection:
        job = submit(connection, request).job
        claim = claim_next(connection, job.id, lease_owner="test", lease_seconds=60)
        assert claim is not None
        commit_chunk(connection, claim, frames)


def test_a_media_is_a_timeline_that_turns_into_a_data_frame(url: str):
    with Archive(url) as archive:
        timeline = archive.timeline(MEDIA, bin="2s")
        table = timeline.to_pandas()
    assert [point.num_frames for point in timeline.points] == [4, 4, 4]
    assert table["start_seconds"].tolist() == [0, 2, 4]
    assert table["top"].tolist() == ["happy"] * 3


def test_every_row_is_in_the_data_frame_of_frames(url: str):
    with Archive(url) as archive:
        frames = archive.frames(MEDIA)
    assert frames["frame_index"].tolist() == [*range(12)]
    assert frames["pts_us"].diff().dropna().unique().tolist() == [500_000]


def test_a_persons_record_is_in_the_zone_that_was_asked_for_and_the_look_is_logged(url: str):
    with Archive(url, actor="dr. x") as archive:
        record = archive.subject_timeline("anna", bin="1d", zone="Europe/Berlin")
    [point] = record.points
    assert point.start.isoformat() == "2026-03-02T00:00:00+01:00"
    assert record.to_pandas()["mean"].notna().all()
    store = open_store(url)
    with store.reading() as connection:
        last = audit.newest(connection)
    store.close()
    assert last is not None
    assert (last.actor, last.action) == ("dr. x", "timeline viewed")


@pytest.mark.parametrize(
    "ask",
    [
        lambda archive: archive.timeline("none"),
        lambda archive: archive.frames("no/such/file.mp4"),
        lambda archive: archive.subject_timeline("zoe"),
        lambda archive: archive.subject_timeline("anna", zone="Mars"),
        lambda archive: archive.subject_timeline("anna", baseline="newest"),
        lambda archive: archive.timeline(MEDIA, bin="fortnight"),
    ],
)
def test_what_is_not_there_is_an_input_error(url: str, ask):
    with Archive(url) as archive, pytest.raises(InputError):
        ask(archive)
