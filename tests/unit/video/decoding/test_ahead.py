"""What is taken ahead is what would have been taken in turn, errors included, and no thread stays behind."""

import threading
import time
from itertools import count

import pytest

from video.decoding.ahead import taken_ahead


def num_threads() -> int:
    return sum(thread.name == "decode-ahead" for thread in threading.enumerate())


@pytest.mark.parametrize("max_ahead", [1, 3, 100])
def test_items_come_in_order(max_ahead):
    assert list(taken_ahead(range(50), max_ahead=max_ahead)) == list(range(50))
    assert num_threads() == 0


def test_no_more_than_was_asked_is_held_ready():
    taken = []

    def items():
        for number in count():
            taken.append(number)
            yield number

    ahead = taken_ahead(items(), max_ahead=3)
    next(ahead)
    deadline = time.monotonic() + 5
    while len(taken) < 5 and time.monotonic() < deadline:
        time.sleep(0.01)
    time.sleep(0.2)
    assert len(taken) == 5  # one used, three ready, one in the thread's hand
    ahead.close()
    assert num_threads() == 0


def test_what_the_iterator_raises_is_raised_after_the_items_before_it():
    def items():
        yield 1
        yield 2
        raise ValueError("damaged")

    seen = []
    with pytest.raises(ValueError, match="damaged"):
        seen.extend(taken_ahead(items(), max_ahead=4))
    assert seen == [1, 2]
    assert num_threads() == 0
