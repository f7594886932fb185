"""An owner's lists hold its own and nothing else, whole over any number of pages."""

from datetime import UTC, datetime, timedelta

import pytest

from core.media import AnalysisParameters
from db.archive.owned import Place, own_job, own_jobs, own_media, own_media_page
from db.store import Store
from tests.stored_generations import request_for, store_generation, submit_generation


@pytest.fixture
def jobs(store: Store):
    """Five media of ann's, of which bob has one too, and one of bob's alone."""
    made = {("ann", n): submit_generation(store, request_for(f"clip{n}", owner="ann")) for n in range(5)}
    made["bob", 0] = submit_generation(store, request_for("clip0", owner="bob"))
    made["bob", 9] = submit_generation(store, request_for("clip9", owner="bob"))
    return made


def all_pages(read, limit):
    found, place = [], None
    while True:
        page = read(place, limit)
        found += page
        if len(page) < limit:
            return found
        last = getattr(page[-1], "media", page[-1])
        place = Place(created_at=last.created_at, id=last.id)


@pytest.mark.parametrize("limit", [1, 2, 3, 100])
def test_pages_hold_each_own_job_once(store: Store, jobs, limit):
    with store.reading() as connection:
        found = all_pages(lambda place, limit: own_jobs(connection, "ann", after=place, limit=limit), limit)
    assert [job.id for job in found] == [jobs["ann", n].id for n in (4, 3, 2, 1, 0)]


@pytest.mark.parametrize("limit", [1, 2, 100])
def test_pages_hold_each_media_that_an_owner_has_a_job_of(store: Store, jobs, limit):
    with store.reading() as connection:
        found = all_pages(lambda place, limit: own_media_page(connection, "bob", after=place, limit=limit), limit)
    assert [each.media.id for each in found] == [jobs["bob", 9].media_id, jobs["bob", 0].media_id]
    assert all(each.job.owner == "bob" and each.num_jobs == 1 for each in found)


def test_anothers_is_not_there(store: Store, jobs):
    with store.reading() as connection:
        assert own_job(connection, "bob", jobs["ann", 1].id) is None
        assert own_media(connection, "bob", jobs["ann", 1].media_id) is None
        assert own_jobs(connection, "nobody", after=None, limit=10) == []
        assert own_media_page(connection, "nobody", after=None, limit=10) == []


def test_an_owner_reads_its_own_job_though_anothers_speaks_for_the_same_bytes(store: Store):
    anns = store_generation(store, request_for("clip", owner="ann"))
    bobs = store_generation(store, request_for("clip", owner="bob"))
    with store.reading() as connection:
        of_ann, of_bob = (own_media(connection, owner, anns.media_id) for owner in ("ann", "bob"))
    assert of_ann is not None
    assert of_bob is not None
    assert of_ann.job is not None
    assert of_bob.job is not None
    assert (of_ann.job.id, of_bob.job.id) == (anns.id, bobs.id)


def test_an_owner_reads_the_active_of_its_jobs(store: Store):
    first = store_generation(store, request_for("clip", owner="ann"))
    other = AnalysisParameters(sample_rate_hz=5.0)
    submit_generation(store, request_for("clip", owner="ann", parameters=other, activates=False))
    with store.reading() as connection:
        summary = own_media(connection, "ann", first.media_id)
    assert summary is not None
    assert summary.job is not None
    assert (summary.job.id, summary.num_jobs) == (first.id, 2)


@pytest.mark.usefixtures("jobs")
def test_a_place_before_everything_is_an_empty_page(store: Store):
    place = Place(created_at=datetime.now(UTC) - timedelta(days=1), id="f")
    with store.reading() as connection:
        assert own_jobs(connection, "ann", after=place, limit=10) == []
