"""Which generation speaks for a media: one that waits beside the old takes over only when it is told to."""

import pytest

from core.errors import InputError
from db.archive.generations import activate, list_generations
from db.jobs import readable_job
from db.queue.control import cancel, resume
from db.states import JobState
from db.store import Store
from tests.stored_generations import fail_generation, request_for, store_generation, submit_generation, work_off


def read_job_id(store: Store, media_id: str) -> str | None:
    with store.reading() as connection:
        job = readable_job(connection, media_id)
    return job.id if job else None


def activate_job(store: Store, job_id: str) -> str | None:
    with store.writing() as connection:
        return activate(connection, job_id)


def test_generation_that_waits_is_not_read_when_it_is_finished(store: Store):
    old = store_generation(store, request_for())
    new = store_generation(store, request_for(model="big", activates=False))
    assert new.state is JobState.DONE
    assert read_job_id(store, old.media_id) == old.id


def test_generation_that_was_asked_for_to_be_read_still_takes_over(store: Store):
    store_generation(store, request_for())
    new = store_generation(store, request_for(model="big"))
    assert read_job_id(store, new.media_id) == new.id


def test_generation_that_waits_speaks_where_no_other_does(store: Store):
    old = fail_generation(store, submit_generation(store, request_for()))
    assert old.state is JobState.FAILED
    new = store_generation(store, request_for(model="big", activates=False))
    assert read_job_id(store, new.media_id) == new.id


def test_asking_for_a_generation_that_waits_lets_it_take_over(store: Store):
    store_generation(store, request_for())
    waiting = submit_generation(store, request_for(model="big", activates=False))
    asked = submit_generation(store, request_for(model="big"))
    assert (asked.id, asked.activates) == (waiting.id, True)
    work_off(store, asked)
    assert read_job_id(store, asked.media_id) == asked.id


def test_reprocessing_what_was_asked_for_to_be_read_does_not_make_it_wait(store: Store):
    submit_generation(store, request_for(model="big"))
    assert submit_generation(store, request_for(model="big", activates=False)).activates


def test_activate_switches_readers_there_and_back(store: Store):
    old = store_generation(store, request_for())
    new = store_generation(store, request_for(model="big", activates=False))
    assert activate_job(store, new.id) == old.id
    assert read_job_id(store, old.media_id) == new.id
    assert activate_job(store, old.id) == new.id
    assert read_job_id(store, old.media_id) == old.id


def test_old_job_that_ends_again_does_not_undo_a_switch(store: Store):
    old = submit_generation(store, request_for())
    work_off(store, old, at_most=1)
    assert fail_generation(store, old).state is JobState.COMPLETED_WITH_ERRORS
    new = store_generation(store, request_for(model="big", activates=False))
    activate_job(store, new.id)
    with store.writing() as connection:
        resume(connection, old.id)
    assert work_off(store, old).state is JobState.DONE
    assert read_job_id(store, old.media_id) == new.id


@pytest.mark.parametrize("state", [JobState.PENDING, JobState.RUNNING, JobState.FAILED, JobState.CANCELLED])
def test_only_a_finished_generation_can_be_activated(store: Store, state: JobState):
    old = store_generation(store, request_for())
    new = submit_generation(store, request_for(model="big", activates=False))
    if state is JobState.RUNNING:
        work_off(store, new, at_most=1)
    elif state is JobState.FAILED:
        fail_generation(store, new)
    elif state is JobState.CANCELLED:
        with store.writing() as connection:
            cancel(connection, new.id)
    with pytest.raises(InputError, match=f"job {new.id} is {state}: only a generation that is finished"):
        activate_job(store, new.id)
    assert read_job_id(store, old.media_id) == old.id


def test_generations_are_listed_newest_first_with_the_one_that_is_read(store: Store):
    old = store_generation(store, request_for())
    new = submit_generation(store, request_for(model="big", activates=False))
    store_generation(store, request_for("other clip"))
    with store.reading() as connection:
        listed = list_generations(connection, old.media_id)
    assert [(generation.job.id, generation.is_active) for generation in listed] == [(new.id, False), (old.id, True)]
