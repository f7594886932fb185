"""Do the tests bite? Each promise of the protocol is broken in a copy of the code; a layer of tests must turn red."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.mutants import Mutant, broken, copy_code

PACKAGES = ("core", "db", "fer_model", "producer", "tests", "video", "worker")

MUTANTS = {
    "no fence": Mutant(
        file="db/queue/lease_statements.py",
        right='ChunkTable.state == ChunkState.LEASED, ChunkTable.fence == bindparam("of_fence"))',
        wrong='ChunkTable.state == ChunkState.LEASED, ChunkTable.fence + bindparam("of_fence") > 0)',
        noticed_by="tests/unit/db/queue/test_ledger_machine.py",
    ),
    "rows and state in two transactions": Mutant(
        file="worker/pool/chunk_worker.py",
        right="lambda connection: ledger.commit_chunk(\n"
        "                    connection, claim, result.frames, fault=first_fault(result), software=result.software\n"
        "                )",
        wrong="lambda connection: ledger._close(\n"
        "                    connection, claim, ledger.ChunkState.DONE,\n"
        "                    fault=None, made=ledger._Made(num_frames=1, software=None)\n"
        "                )\n"
        "            )\n"
        "            self._write(\n"
        "                lambda connection: ledger.insert_frames(connection, claim, result.frames)",
        noticed_by="tests/integration/worker/test_boundaries.py",
    ),
    "no sweeper": Mutant(
        file="db/queue/dispatch.py",
        right="for is_due in (_waits(stale_seconds), _is_expired(stale_seconds))",
        wrong="for is_due in (_waits(stale_seconds),)",
        noticed_by="tests/unit/db/queue/test_dispatch.py",
    ),
    "early acknowledgement": Mutant(
        file="worker/broker.py",
        right="task_acks_late=True",
        wrong="task_acks_late=False",
        noticed_by="tests/unit/worker/test_broker.py",
    ),
    "no unique key": Mutant(
        file="db/identity.py",
        right='identity = "|".join((owner,',
        wrong='identity = "|".join((__import__("uuid").uuid4().hex, owner,',
        noticed_by="tests/unit/db/test_submission.py",
    ),
    "visibility timeout below the task": Mutant(
        file="worker/broker.py",
        right="_VISIBILITY_TIMEOUT_SECONDS: Final = 600",
        wrong="_VISIBILITY_TIMEOUT_SECONDS: Final = 5",
        noticed_by="tests/unit/worker/test_broker.py",
    ),
    "no check of messages": Mutant(
        file="worker/checked_transport.py",
        right="and parse_reference(args[0], args[1]) is not None",
        wrong="and True",
        noticed_by="tests/unit/worker/test_checked_transport.py",
    ),
}


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The code that matters here, to be broken."""
    return copy_code(tmp_path, PACKAGES)


def is_green(folder: Path, tests: str) -> bool:
    answer = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", tests],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(folder), "LEDGER_SEQUENCES": "40", "LEDGER_SHRINK": "0"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode in (0, 1), answer.stdout + answer.stderr
    return answer.returncode == 0


@pytest.mark.timeout(600)
@pytest.mark.parametrize("name", MUTANTS)
def test_broken_promise_turns_a_layer_red(name: str, copy: Path):
    mutant = MUTANTS[name]
    with broken(copy, mutant):
        assert not is_green(copy, mutant.noticed_by)


def test_whole_copy_is_green(copy: Path):
    for tests in sorted(
        {mutant.noticed_by for mutant in MUTANTS.values()} - {"tests/integration/worker/test_boundaries.py"}
    ):
        assert is_green(copy, tests), f"{tests} is red without a mutant: the others say nothing"
