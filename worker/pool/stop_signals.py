"""SIGINT and SIGTERM as events, for any thread to wait for.

A handler runs in the main thread, between any two of its steps: perhaps while that thread holds the lock inside an
event. An event that the handler itself sets may then wait for itself forever. So it only notes the signal, in a queue
whose put() may be interrupted anywhere, and a thread sets the event.
"""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from queue import SimpleQueue
from typing import Any, Final

_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def events_of_signals(*, num_events: int, then_as_before: bool = False) -> Iterator[tuple[threading.Event, ...]]:
    """Give the events that the first, the second ... SIGINT or SIGTERM set.

    More signals do nothing; with `then_as_before`, they do what they would have done without this, from the second on.
    For the main thread.
    """
    events = tuple(threading.Event() for _ in range(num_events))
    noted: SimpleQueue[bool] = SimpleQueue()  # False: no more will come
    before: dict[signal.Signals, Any] = {}

    def take(_number: int, _frame: object) -> None:
        noted.put(True)
        if then_as_before:
            _restore(before)

    def tell() -> None:
        left = list(events)
        while noted.get():
            if left:
                left.pop(0).set()

    teller = threading.Thread(target=tell, name="signals", daemon=True)
    teller.start()
    before.update({number: signal.signal(number, take) for number in _SIGNALS})
    try:
        yield events
    finally:
        _restore(before)
        noted.put(False)
        teller.join()


def _restore(handlers: dict[signal.Signals, Any]) -> None:
    for number, handler in handlers.items():
        signal.signal(number, handler)
