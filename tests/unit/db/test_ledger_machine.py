"""Any sequence of calls, by anybody, early, late and twice: the ledger is where its model is.

LEDGER_SEQUENCES says how many; `make chaos` runs 2,000 on each database.
"""

import os

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from db.store import Store
from tests.ledger_machine import LedgerMachine

NUM_SEQUENCES = int(os.environ.get("LEDGER_SEQUENCES", "40"))


@pytest.mark.timeout(1800)
def test_ledger_is_where_its_model_is_after_every_sequence_of_calls(store: Store):
    run_state_machine_as_test(
        lambda: LedgerMachine(store),
        settings=settings(
            max_examples=NUM_SEQUENCES,
            stateful_step_count=50,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
