"""Generations across the store: counted by model version, paired, and switched at one stroke."""

import pytest

from core.errors import InputError
from core.media import AnalysisParameters
from db.archive.model_generations import (
    find_model_version,
    list_model_generations,
    paired_generations,
    plan_switch,
    switch_all,
)
from db.jobs import readable_job
from db.records import JobRecord
from db.store import Store
from tests.factories import make_model_version
from tests.stored_generations import fail_generation, request_for, store_generation, submit_generation

pytestmark = pytest.mark.thorough

SMALL = make_model_version("small", checkpoint="small").id
BIG = make_model_version("big", checkpoint="big").id


def waiting(store: Store, name: str, **overrides: AnalysisParameters) -> JobRecord:
    return store_generation(store, request_for(name, model="big", activates=False, **overrides))


def read_models(store: Store, jobs: list[JobRecord]) -> list[str]:
    with store.reading() as connection:
        read = [readable_job(connection, job.media_id) for job in jobs]
    return [job.model_version_id for job in read if job is not None]


def test_all_finished_generations_of_a_model_are_switched_and_the_rest_kept(store: Store):
    jobs = [store_generation(store, request_for(name)) for name in ("a", "b", "c", "d")]
    for name in ("a", "b"):
        waiting(store, name)
    submit_generation(store, request_for("c", model="big", activates=False))
    with store.writing() as connection:
        assert switch_all(connection, BIG) == 2
    assert read_models(store, jobs) == [BIG, BIG, SMALL, SMALL]
    with store.writing() as connection:
        assert switch_all(connection, BIG) == 0
        assert switch_all(connection, SMALL) == 2
    assert read_models(store, jobs) == [SMALL] * 4


def test_the_newest_of_a_models_generations_is_the_one_that_is_switched_to(store: Store):
    store_generation(store, request_for())
    waiting(store, "clip")
    newest = waiting(store, "clip", parameters=AnalysisParameters(sample_rate_hz=5))
    with store.writing() as connection:
        switch_all(connection, BIG)
    with store.reading() as connection:
        assert readable_job(connection, newest.media_id) == newest


def test_plan_of_a_switch_says_what_it_would_do_and_does_nothing(store: Store):
    jobs = [store_generation(store, request_for(name)) for name in ("a", "b", "c", "d", "e")]
    for name in ("a", "b"):
        waiting(store, name)
    submit_generation(store, request_for("c", model="big", activates=False))
    fail_generation(store, submit_generation(store, request_for("d", model="big", activates=False)))
    store_generation(store, request_for("e", model="big"))
    with store.reading() as connection:
        switch = plan_switch(connection, BIG)
    assert switch.num_media_by_model_before == {SMALL: 2}
    assert (switch.num_active_already, switch.num_not_finished) == (1, 2)
    assert read_models(store, jobs) == [SMALL] * 4 + [BIG]


def test_models_are_counted_by_the_state_of_their_jobs(store: Store):
    for name in ("a", "b", "c"):
        store_generation(store, request_for(name))
    store_generation(store, request_for("c"), force=True)
    waiting(store, "a")
    submit_generation(store, request_for("b", model="big", activates=False))
    fail_generation(store, submit_generation(store, request_for("c", model="big", activates=False)))
    with store.reading() as connection:
        big, small = list_model_generations(connection)
    assert (big.model_version_id, small.model_version_id) == (BIG, SMALL)
    assert (big.num_media, big.num_active, big.num_finished) == (3, 0, 1)
    assert (big.num_unfinished, big.num_given_up, big.num_frames) == (1, 1, 2)
    assert (small.num_media, small.num_active, small.num_finished) == (3, 3, 4)
    assert (small.num_unfinished, small.num_given_up, small.num_frames) == (0, 0, 8)


def test_empty_store_has_no_model(store: Store):
    with store.reading() as connection:
        assert list_model_generations(connection) == []


def test_media_are_paired_by_their_newest_finished_generations(store: Store):
    first = {name: store_generation(store, request_for(name)) for name in ("a", "b")}
    forced = store_generation(store, request_for("a"), force=True)
    after = waiting(store, "a")
    submit_generation(store, request_for("b", model="big", activates=False))
    store_generation(store, request_for("c", model="big"))
    with store.reading() as connection:
        pairs = paired_generations(connection, SMALL, BIG)
    found = [(pair.path, pair.before_job_id, pair.after_job_id) for pair in pairs]
    assert found == [("/videos/a.mp4", forced.id, after.id), ("/videos/b.mp4", first["b"].id, None)]


@pytest.mark.parametrize("reference", ["small", SMALL, SMALL[:9]])
def test_model_version_is_found_by_name_id_or_start(store: Store, reference: str):
    store_generation(store, request_for())
    store_generation(store, request_for(model="smaller"))
    with store.reading() as connection:
        assert find_model_version(connection, reference) == SMALL


@pytest.mark.parametrize(
    ("reference", "said"), [("", "the store knows big-"), ("huge", "the store knows big-"), ("s", "may mean any of")]
)
def test_unknown_or_ambiguous_model_is_one_clear_line(store: Store, reference: str, said: str):
    for model in ("small", "smaller", "big"):
        store_generation(store, request_for(model=model))
    with store.reading() as connection, pytest.raises(InputError, match=said):
        find_model_version(connection, reference)
