"""Using a store that may be away for a moment: a database that restarts, a full disk that is being cleared."""

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TypeVar

from sqlalchemy import Connection
from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_after_delay, wait_random_exponential

from core.errors import StoreUnavailable
from db.store import Store

log = logging.getLogger(__name__)

_Answer = TypeVar("_Answer")


def write_patiently(store: Store, do: Callable[[Connection], _Answer], *, patience_seconds: float) -> _Answer:
    """Do something in one writing transaction, again while the store is away. Raises StoreUnavailable in the end.

    An answer may be lost although the transaction was committed: what is done must bear to be done twice.
    """
    return _patiently(store.writing, do, patience_seconds)


def read_patiently(store: Store, do: Callable[[Connection], _Answer], *, patience_seconds: float) -> _Answer:
    """Ask something of one state of the store, again while it is away. Raises StoreUnavailable in the end."""
    return _patiently(store.reading, do, patience_seconds)


def _patiently(
    transaction: Callable[[], AbstractContextManager[Connection]],
    do: Callable[[Connection], _Answer],
    patience_seconds: float,
) -> _Answer:
    for attempt in Retrying(
        retry=retry_if_exception_type(StoreUnavailable),
        wait=wait_random_exponential(multiplier=0.1, max=5),
        stop=stop_after_delay(patience_seconds),
        before_sleep=_say,
        reraise=True,
    ):
        with attempt, transaction() as connection:
            answer = do(connection)
    return answer


def _say(state: RetryCallState) -> None:
    if state.attempt_number == 1:  # the last one is raised
        log.warning("trying again: %s", state.outcome.exception() if state.outcome else None)
