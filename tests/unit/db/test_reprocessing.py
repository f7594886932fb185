"""Candidates for a reprocess are read page by page; a new job lies over the chunks of the old one."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import select, update

from core.media import AnalysisParameters
from db.archive.media import get_media
from db.queue.ledger import claim_next
from db.records import ModelVersion
from db.reprocessing import Candidate, RunKey, list_candidates, newest_runs, submit_again
from db.states import JobQueue, JobState
from db.store import Store
from db.tables import ChunkTable, MediaTable
from tests.factories import make_model_version, make_request
from tests.stored_generations import request_for, store_generation, submit_generation

BIG: ModelVersion = make_model_version("big", checkpoint="big")


def candidates(store: Store, *, after: str = "", limit: int = 100, since: datetime | None = None) -> list[Candidate]:
    with store.reading() as connection:
        return list_candidates(connection, after_media_id=after, limit=limit, since=since)


def test_candidates_come_in_pages_each_once(store: Store):
    jobs = {store_generation(store, request_for(name)).media_id for name in "abcde"}
    first = candidates(store, limit=3)
    rest = candidates(store, limit=3, after=first[-1].media_id)
    found = [candidate.media_id for candidate in (*first, *rest)]
    assert (len(first), len(rest)) == (3, 2)
    assert found == sorted(jobs)


def test_candidate_tells_of_the_generation_that_is_read(store: Store):
    parameters = AnalysisParameters(sample_rate_hz=5)
    old = store_generation(store, request_for(num_chunks=3, parameters=parameters, owner="me"))
    submit_generation(store, request_for("unfinished"))
    by_path = {candidate.path: candidate for candidate in candidates(store)}
    assert by_path["/videos/unfinished.mp4"].active is None
    active = by_path["/videos/clip.mp4"].active
    assert active is not None
    assert (active.job_id, active.owner, active.model_name, active.num_chunks) == (old.id, "me", "small", 3)
    assert (active.parameters, active.model_version_id) == (parameters, old.model_version_id)


def test_since_means_when_it_was_filmed_or_else_first_submitted(store: Store):
    now = datetime.now(UTC)
    long_ago, lately = now - timedelta(days=400), now - timedelta(days=1)
    old_film = store_generation(store, replace(request_for("old film"), started_at=long_ago))
    new_film = store_generation(store, replace(request_for("new film"), started_at=now))
    old_file, new_file = (store_generation(store, request_for(name)) for name in ("old file", "new file"))
    with store.writing() as connection:
        submitted_long_ago = MediaTable.id.in_([old_file.media_id, new_film.media_id])
        connection.execute(update(MediaTable).where(submitted_long_ago).values(created_at=long_ago))
    found = {candidate.media_id for candidate in candidates(store, since=lately)}
    assert found == {new_film.media_id, new_file.media_id}
    assert old_film.media_id not in found


def test_newest_run_of_each_request_is_the_one_that_counts(store: Store):
    parameters = AnalysisParameters(sample_rate_hz=5)
    job = store_generation(store, request_for(model="big"))
    submit_generation(store, request_for(model="big"), force=True)
    store_generation(store, request_for(model="big", parameters=parameters))
    store_generation(store, request_for(model="small"))
    store_generation(store, request_for("other", model="big"))
    with store.reading() as connection:
        runs = newest_runs(connection, [job.media_id], BIG.id)
    same = RunKey(owner="local", media_id=job.media_id, parameters=AnalysisParameters())
    assert runs == {same: JobState.PENDING, replace(same, parameters=parameters): JobState.DONE}


def test_new_job_has_the_old_ones_spans_and_waits_for_the_pool(store: Store):
    request = replace(make_request(num_chunks=3), modified_ns=17, started_at=datetime(2026, 1, 1, tzinfo=UTC))
    old = store_generation(store, request)
    with store.reading() as connection:
        media_before = get_media(connection, old.media_id)
    with store.writing() as connection:
        submission = submit_again(
            connection, old.id, model_version=BIG, parameters=AnalysisParameters(sample_rate_hz=5), priority=1
        )
    new = submission.job
    assert submission.created
    assert (new.media_id, new.owner, new.num_chunks) == (old.media_id, old.owner, 3)
    assert (new.queue, new.priority, new.activates) == (JobQueue.ARCHIVE, 1, False)
    assert (new.model_version_id, new.parameters.sample_rate_hz) == (BIG.id, 5)
    spans = select(
        ChunkTable.start_us, ChunkTable.end_us, ChunkTable.first_frame_index, ChunkTable.previous_pts_us
    ).order_by(ChunkTable.chunk_index)
    with store.writing() as connection:
        assert get_media(connection, old.media_id) == media_before
        assert (
            connection.execute(spans.where(ChunkTable.job_id == new.id)).all()
            == connection.execute(spans.where(ChunkTable.job_id == old.id)).all()
        )
        assert claim_next(connection, new.id, lease_owner="a", lease_seconds=60) is not None
