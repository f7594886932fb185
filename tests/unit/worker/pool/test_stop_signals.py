"""Signals in a process of their own: they come at any moment, also while it handles another."""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

#: Waits as the pool's loops do, and says which of its events came.
WAITING = """
from worker.pool.stop_signals import events_of_signals

with events_of_signals(num_events={num_events}, then_as_before={then_as_before}) as events:
    print("ready", flush=True)
    for number, event in enumerate(events, start=1):
        while not event.wait(0.0001):
            pass
        print(number, flush=True)
"""


@contextmanager
def waiting(*, num_events: int = 1, then_as_before: bool = False) -> "Iterator[subprocess.Popen[str]]":
    code = WAITING.format(num_events=num_events, then_as_before=then_as_before)
    command = [sys.executable, "-c", code]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        try:
            yield process
        finally:
            process.kill()


def test_a_storm_of_signals_sets_the_event_and_blocks_nothing():
    for _ in range(5):
        with waiting() as process:
            for _ in range(200):
                for number in (signal.SIGTERM, signal.SIGINT):
                    process.send_signal(number)
            out, _ = process.communicate(timeout=20)
        assert out == "1\n"


def test_each_event_takes_a_signal_of_its_own():
    with waiting(num_events=2) as process:
        assert process.stdout is not None
        process.send_signal(signal.SIGTERM)
        assert process.stdout.readline() == "1\n"
        time.sleep(0.2)
        assert process.poll() is None
        process.send_signal(signal.SIGINT)
        assert process.communicate(timeout=20)[0] == "2\n"


def test_the_second_may_do_what_it_did_before():
    with waiting(num_events=2, then_as_before=True) as process:
        assert process.stdout is not None
        process.send_signal(signal.SIGTERM)
        assert process.stdout.readline() == "1\n"
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=20)
        assert process.returncode == -signal.SIGTERM
