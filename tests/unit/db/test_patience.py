"""A store that is away for a moment is waited for, one that stays away is not."""

import pytest

from core.errors import InputError, StoreUnavailable
from db.patience import read_patiently, write_patiently
from db.store import Store

both = pytest.mark.parametrize("patiently", [read_patiently, write_patiently])


@both
def test_answer_comes_when_the_store_is_back(store: Store, patiently):
    calls = []

    def do(_connection: object) -> int:
        calls.append(1)
        if len(calls) < 3:
            raise StoreUnavailable("restarting")
        return 7

    assert patiently(store, do, patience_seconds=60) == 7
    assert len(calls) == 3


@both
def test_store_that_stays_away_is_an_error_in_the_end(store: Store, patiently):
    def do(_connection: object) -> None:
        raise StoreUnavailable("gone")

    with pytest.raises(StoreUnavailable, match="gone"):
        patiently(store, do, patience_seconds=0.0)


@both
def test_what_waiting_does_not_mend_is_raised_at_once(store: Store, patiently):
    calls = []

    def do(_connection: object) -> None:
        calls.append(1)
        raise InputError("wrong")

    with pytest.raises(InputError):
        patiently(store, do, patience_seconds=60)
    assert len(calls) == 1
