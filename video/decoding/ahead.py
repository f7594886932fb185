"""Takes items from an iterator in a thread, some ahead of whoever uses them.

Worth it only where the user waits for another machine, a GPU: libav and torch both compute without Python's lock, and
on a CPU, where a process has one core, there is nothing to overlap.
"""

from collections.abc import Iterable, Iterator
from queue import Full, Queue
from threading import Event, Thread
from typing import Final, TypeVar

#: How long to wait for room before looking whether anybody still wants the items.
_LOOK_UP_SECONDS: Final = 0.1

T = TypeVar("T")


class _End:
    """Behind the last item; carries what the iterator raised, if anything."""

    def __init__(self, error: BaseException | None) -> None:
        self.error = error


def taken_ahead(items: Iterable[T], *, max_ahead: int) -> Iterator[T]:
    """Yield the items in order, of which a thread holds up to `max_ahead` ready; raise what the iterator raises.

    The thread ends with the items, and soon after whoever iterates stops.
    """
    ready: Queue[T | _End] = Queue(maxsize=max_ahead)
    unwanted = Event()

    def put(item: T | _End) -> None:
        while not unwanted.is_set():
            try:
                ready.put(item, timeout=_LOOK_UP_SECONDS)
            except Full:
                continue
            return

    def take() -> None:
        error: BaseException | None = None
        try:
            for item in items:
                put(item)
                if unwanted.is_set():
                    break
        except BaseException as raised:  # noqa: BLE001 - raised again where the items are used
            error = raised
        put(_End(error))

    thread = Thread(target=take, name="decode-ahead", daemon=True)
    thread.start()
    try:
        while not isinstance(item := ready.get(), _End):
            yield item
        if item.error is not None:
            raise item.error
    finally:
        unwanted.set()
        thread.join()
