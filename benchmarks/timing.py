"""How long something takes on the wall."""

import time
from collections.abc import Callable


def milliseconds(do: Callable[[], object]) -> float:
    """Do it once."""
    began = time.perf_counter()
    do()
    return (time.perf_counter() - began) * 1000
