"""Lets programs take turns, so that what disturbs the machine disturbs all of them."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

#: One thread each, whatever library a program uses.
ONE_THREAD = {
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "TF_NUM_INTRAOP_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "CUDA_VISIBLE_DEVICES": "",
}


@dataclass(frozen=True, kw_only=True)
class Spent:
    """What one turn cost."""

    num_frames: int
    cpu_seconds: float
    wall_seconds: float

    @property
    def cpu_ms_per_frame(self) -> float:
        """CPU milliseconds a frame."""
        return self.cpu_seconds * 1000 / self.num_frames

    @property
    def frames_per_second(self) -> float:
        """Frames in a second of wall time."""
        return self.num_frames / self.wall_seconds


class Contender:
    """A program that serves turns (benchmarks/contender.py)."""

    def __init__(self, name: str, command: Sequence[str | Path]) -> None:
        self.name = name
        self._process = subprocess.Popen(
            command,
            env=os.environ | ONE_THREAD,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            bufsize=1,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._process.kill()
        self._process.communicate()

    def go(self) -> None:
        """Let it begin."""
        assert self._process.stdin is not None, "opened with a pipe"
        self._process.stdin.write("go\n")

    def wait(self) -> Spent:
        """Wait until it has done its turn."""
        return Spent(**self._answer())

    def take_turn(self) -> Spent:
        """Let it run alone."""
        self.go()
        return self.wait()

    def _answer(self) -> dict[str, float]:
        assert self._process.stdout is not None, "opened with a pipe"
        for line in self._process.stdout:
            if line.startswith("{"):  # a library may print before
                return dict(json.loads(line))
        _, complaint = self._process.communicate()
        raise SystemExit(f"{self.name} ended: {complaint.strip()[-2000:]}")


def module(name: str, *arguments: object) -> list[str]:
    """Return the command of one of our own programs."""
    return [sys.executable, "-m", f"benchmarks.{name}", *map(str, arguments)]


def take_turns(commands: Mapping[str, Sequence[str | Path]], *, num_rounds: int) -> dict[str, list[Spent]]:
    """Start the programs and let each warm up alone; then each gets a turn a round."""
    spent: dict[str, list[Spent]] = {name: [] for name in commands}
    with ExitStack() as stack:
        contenders = [stack.enter_context(Contender(name, command)) for name, command in commands.items()]
        for contender in contenders:
            contender.take_turn()
        for _ in range(num_rounds):
            for contender in contenders:
                spent[contender.name].append(contender.take_turn())
    return spent


def at_once(command: Sequence[str | Path], *, num_processes: int, num_rounds: int) -> list[tuple[float, float]]:
    """Return frames a second of one process alone and of several at once, a pair a round; each at its own pace."""
    pairs = []
    with ExitStack() as stack:
        contenders = [stack.enter_context(Contender(f"process {number}", command)) for number in range(num_processes)]
        for contender in contenders:
            contender.take_turn()
        for _ in range(num_rounds):
            alone = contenders[0].take_turn()
            for contender in contenders:
                contender.go()
            together = [contender.wait() for contender in contenders]
            pairs.append((alone.frames_per_second, sum(spent.frames_per_second for spent in together)))
    return pairs
