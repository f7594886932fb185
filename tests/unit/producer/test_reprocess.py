"""Reprocessing: which media get a new job, which do not and why, and what is left of a run that was stopped."""

from collections import Counter
from dataclasses import replace

import pytest
from sqlalchemy import func, select, update

from core.errors import InputError
from core.media import AnalysisParameters
from core.people.subjects import Appearance
from db.archive.generations import list_generations
from db.jobs import list_jobs, readable_job
from db.people.appearances import assign
from db.people.studies import add_study, list_studies
from db.people.subjects import add_subject, withdraw
from db.queue.control import cancel
from db.records import JobRecord
from db.states import MediaKind
from db.store import Store
from db.tables import ChunkTable, JobTable, MediaTable
from producer.reprocess import (
    ParameterChanges,
    ReprocessRequest,
    ReprocessTotals,
    Selection,
    Skipped,
    plan_reprocess,
    reprocess,
)
from tests.factories import make_consent, make_model_version, make_study
from tests.stored_generations import checksum, fail_generation, request_for, store_generation, submit_generation

pytestmark = pytest.mark.thorough

BIG = make_model_version("big", checkpoint="big")


class Stopped(Exception):
    """The run was stopped here."""


def with_big(**overrides: object) -> ReprocessRequest:
    return ReprocessRequest(**{"model_version": BIG, "selection": Selection()} | overrides)  # type: ignore[arg-type]


def run(store: Store, request: ReprocessRequest) -> ReprocessTotals:
    return reprocess(store, request, on_batch=lambda _: None)


def num_rows(store: Store) -> list[int | None]:
    with store.reading() as connection:
        return [connection.scalar(select(func.count()).select_from(table)) for table in (JobTable, ChunkTable)]


def jobs_of_big(store: Store) -> list[JobRecord]:
    with store.reading() as connection:
        return [job for job in list_jobs(connection) if job.model_version_id == BIG.id]


def test_every_media_gets_a_job_beside_the_one_that_is_read(store: Store):
    old = [store_generation(store, request_for(name, num_chunks=3)) for name in ("a", "b")]
    totals = run(store, with_big())
    assert (totals.num_media, totals.num_chunks, totals.duration_us) == (2, 6, 2 * 29_960_000)
    for job in old:
        with store.reading() as connection:
            new, first = list_generations(connection, job.media_id)
            assert readable_job(connection, job.media_id) == job
        assert (new.job.model_version_id, new.job.priority, new.is_active) == (BIG.id, 1, False)
        assert (new.job.parameters, first.job) == (job.parameters, job)


def test_same_call_again_adds_nothing_however_many_pages_there_are(store: Store, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("producer.reprocess._NUM_MEDIA_AT_ONCE", 2)
    for name in "abc":
        store_generation(store, request_for(name))
    run(store, with_big())
    rows = num_rows(store)
    again = run(store, with_big())
    assert again == ReprocessTotals(num_skipped=Counter({Skipped.UNDER_WAY: 3}))
    assert num_rows(store) == rows


def test_dry_run_foretells_what_is_done_and_writes_nothing(store: Store):
    for name in "abc":
        store_generation(store, request_for(name))
    submit_generation(store, request_for("c", model="big"))
    submit_generation(store, request_for("d"))
    rows = num_rows(store)
    planned = plan_reprocess(store, with_big())
    assert num_rows(store) == rows
    assert planned.num_media == 2
    assert planned == run(store, with_big())


def test_stopped_run_is_continued_by_the_same_call(store: Store, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("producer.reprocess._NUM_JOBS_AT_ONCE", 2)
    old = [store_generation(store, request_for(f"clip {number}")) for number in range(9)]
    before = checksum(store, [job.id for job in old])

    def stop_at_half(totals: ReprocessTotals) -> None:
        if totals.num_media >= 4:
            raise Stopped

    with pytest.raises(Stopped):
        reprocess(store, with_big(), on_batch=stop_at_half)
    assert len(jobs_of_big(store)) == 4
    totals = run(store, with_big())
    assert (totals.num_media, totals.num_skipped) == (5, {Skipped.UNDER_WAY: 4})
    assert {job.media_id for job in jobs_of_big(store)} == {job.media_id for job in old}
    assert len(jobs_of_big(store)) == 9
    assert checksum(store, [job.id for job in old]) == before


def name_subject(store: Store, subject: str, media_id: str) -> None:
    with store.writing() as connection:
        if not list_studies(connection):
            add_study(connection, make_study(), actor="tester")
        add_subject(connection, subject, make_consent(), study_id="moods", group=None, actor="tester")
        assign(connection, media_id, Appearance(subject_id=subject), actor="tester")


def test_media_that_need_no_new_job_or_can_have_none_are_counted_by_reason(store: Store):
    for name in ("camera", "done", "under way", "failed", "cancelled", "withdrawn", "new"):
        job = store_generation(store, request_for(name))
        if name == "camera":
            with store.writing() as connection:
                of_camera = update(MediaTable).where(MediaTable.id == job.media_id)
                connection.execute(of_camera.values(kind=MediaKind.CAMERA))
        if name == "withdrawn":
            name_subject(store, "anna", job.media_id)
            with store.writing() as connection:
                withdraw(connection, "anna", actor="tester")
    submit_generation(store, request_for("not analysed"))
    store_generation(store, request_for("done", model="big", activates=False))
    submit_generation(store, request_for("under way", model="big"))
    fail_generation(store, submit_generation(store, request_for("failed", model="big")))
    given_up = submit_generation(store, request_for("cancelled", model="big"))
    with store.writing() as connection:
        cancel(connection, given_up.id)
    totals = run(store, with_big())
    assert totals.num_media == 1
    assert totals.num_skipped == Counter(list(Skipped))


def test_parameters_stay_those_of_the_generation_that_is_read(store: Store):
    parameters = AnalysisParameters(sample_rate_hz=2, min_face_px=60, keep_landmarks=True)
    store_generation(store, request_for(parameters=parameters))
    run(store, with_big())
    assert [job.parameters for job in jobs_of_big(store)] == [parameters]


def test_changed_parameters_make_another_generation_of_the_same_model(store: Store):
    store_generation(store, request_for(parameters=AnalysisParameters(sample_rate_hz=2, min_face_px=60)))
    run(store, with_big())
    totals = run(store, with_big(changes=ParameterChanges(sample_rate_hz=5.0, keep_landmarks=True)))
    assert totals.num_media == 1
    assert jobs_of_big(store)[0].parameters == AnalysisParameters(sample_rate_hz=5, min_face_px=60, keep_landmarks=True)


def test_the_same_model_is_not_put_beside_itself(store: Store):
    store_generation(store, request_for(model="big"))
    assert run(store, with_big()).num_skipped == {Skipped.DONE: 1}


def test_owner_of_a_media_keeps_it(store: Store):
    store_generation(store, request_for(owner="somebody"))
    run(store, with_big())
    assert [job.owner for job in jobs_of_big(store)] == ["somebody"]
    assert run(store, with_big()).num_skipped == {Skipped.UNDER_WAY: 1}


@pytest.mark.parametrize(
    ("selection", "chosen"),
    [
        (Selection(path_pattern="/videos/march/*"), {"march/a", "march/deep/b"}),
        (Selection(path_pattern="*a.mp4"), {"march/a"}),
        (Selection(path_pattern="nowhere"), set()),
        (Selection(active_model="other"), {"april"}),
        (Selection(active_model=make_model_version("small", checkpoint="small").id), {"march/a", "march/deep/b"}),
        (Selection(active_model="smal"), set()),
        (Selection(active_model="small", path_pattern="*b.mp4"), {"march/deep/b"}),
    ],
)
def test_only_what_is_selected_is_touched_or_counted(store: Store, selection: Selection, chosen: set[str]):
    for name, model in (("march/a", "small"), ("march/deep/b", "small"), ("april", "other")):
        store_generation(store, request_for(name, model=model))
    totals = run(store, with_big(selection=selection))
    with store.reading() as connection:
        paths = connection.scalars(
            select(MediaTable.path)
            .join(JobTable, JobTable.media_id == MediaTable.id)
            .where(JobTable.model_version_id == BIG.id)
        ).all()
    assert set(paths) == {f"/videos/{name}.mp4" for name in chosen}
    assert totals == replace(totals, num_media=len(chosen), num_skipped=Counter())


def test_a_subjects_media_alone_can_be_meant(store: Store):
    jobs = {name: store_generation(store, request_for(name)) for name in ("a", "b")}
    name_subject(store, "anna", jobs["a"].media_id)
    assert run(store, with_big(selection=Selection(subject_id="anna"))).num_media == 1
    assert [job.media_id for job in jobs_of_big(store)] == [jobs["a"].media_id]
    with pytest.raises(InputError, match="no subject zoe"):
        run(store, with_big(selection=Selection(subject_id="zoe")))


def test_priority_is_below_what_people_submit_unless_it_is_said(store: Store):
    store_generation(store, request_for())
    run(store, with_big(priority=7))
    assert jobs_of_big(store)[0].priority == 7
    assert with_big().priority < request_for().priority
