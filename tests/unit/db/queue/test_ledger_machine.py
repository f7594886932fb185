"""Any sequence of calls, by anybody, early, late and twice: the ledger is where its model is.

LEDGER_SEQUENCES says how many; 2,000 take some minutes. LEDGER_SHRINK=0 does not look for the shortest
sequence that fails.
"""

import os

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from db.store import Store
from tests.ledger_machine import LedgerMachine

pytestmark = pytest.mark.thorough

NUM_SEQUENCES = int(os.environ.get("LEDGER_SEQUENCES", "25"))
SHRINK = [Phase.shrink] if os.environ.get("LEDGER_SHRINK", "1") == "1" else []


@pytest.mark.timeout(1800)
def test_ledger_is_where_its_model_is_after_every_sequence_of_calls(store: Store):
    run_state_machine_as_test(
        lambda: LedgerMachine(store),
        settings=settings(
            max_examples=NUM_SEQUENCES,
            stateful_step_count=50,
            deadline=None,
            derandomize=True,
            phases=[Phase.generate, *SHRINK],
            suppress_health_check=list(HealthCheck),
        ),
    )
