"""`moodline jobs`, `status`, `cancel`, `pause`, `resume`: what is shown, done and refused."""

import json

import pytest

from cli.main import exit_code_of
from db.queue.ledger import claim_next, commit_chunk, fail_chunk
from db.records import Fault, JobRecord
from db.states import JobQueue
from db.store import Store
from db.submission import submit
from tests.factories import make_frame_observation, make_request


@pytest.fixture
def job(store: Store) -> JobRecord:
    with store.writing() as connection:
        return submit(connection, make_request("monday", num_chunks=2, queue=JobQueue.ARCHIVE)).job


@pytest.fixture
def moodline_in(store_url: str, capsys: pytest.CaptureFixture[str]):
    """Call a command on the store; give its exit code and what it said."""

    def call(*arguments: str) -> tuple[int, str]:
        code = exit_code_of([*arguments, "--db", store_url])
        said = capsys.readouterr()
        return code, said.out + said.err

    return call


def finish(store: Store, job: JobRecord, *, fault: Fault | None = None) -> None:
    with store.writing() as connection:
        held = claim_next(connection, job.id, lease_owner="a", lease_seconds=60)
        assert held is not None
        if fault:
            fail_chunk(connection, held, fault)
        else:
            commit_chunk(connection, held, [make_frame_observation(pts_us=held.span.start_us)])


def test_status_shows_unfinished_jobs_by_file_and_that_no_worker_is_here(moodline_in, job: JobRecord):
    code, said = moodline_in("status")
    assert code == 0
    assert job.id in said
    assert "monday.mp4" in said
    assert "0/2" in said
    assert "no worker is here; `moodline worker` starts one" in said


def test_status_counts_errors_by_code_and_jobs_lists_what_is_over(moodline_in, store: Store, job: JobRecord):
    finish(store, job, fault=Fault(code="SOURCE_MISSING", message="gone"))
    finish(store, job)
    assert "no unfinished job" in moodline_in("status")[1]
    assert "SOURCE_MISSING 1" in moodline_in("jobs")[1]
    (document,) = [json.loads(line) for line in moodline_in("status", job.id, "--json")[1].splitlines()]
    assert (document["state"], document["num_chunks_by_error"]) == ("completed_with_errors", {"SOURCE_MISSING": 1})
    assert document["num_chunks_by_state"] == {"pending": 0, "leased": 0, "done": 1, "failed": 1}


def test_paused_job_says_so_until_it_is_resumed(moodline_in, job: JobRecord):
    assert moodline_in("pause", job.id[:6])[0] == 0
    assert "paused" in moodline_in("status")[1]
    assert moodline_in("resume", job.id) == (0, f"job {job.id}: 2 chunks to do\n")
    assert "paused" not in moodline_in("status")[1]


def test_cancelled_job_can_neither_be_cancelled_paused_nor_resumed(moodline_in, job: JobRecord):
    assert moodline_in("cancel", job.id)[0] == 0
    for command in ("cancel", "pause", "resume"):
        code, said = moodline_in(command, job.id)
        assert code == 2
        assert said.startswith(f"moodline: job {job.id} ")
        assert said.count("\n") == 1


@pytest.mark.usefixtures("job")
@pytest.mark.parametrize("command", ["cancel", "pause", "resume", "status"])
def test_job_that_does_not_exist_is_one_clear_line(moodline_in, command: str):
    assert moodline_in(command, "zzz") == (2, "moodline: the store has no job with an id that starts with 'zzz'\n")
