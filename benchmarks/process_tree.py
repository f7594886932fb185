"""What processes and all below them have taken so far, from /proc."""

import os
from dataclasses import dataclass
from pathlib import Path

_CLOCK_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True, kw_only=True)
class TreeUse:
    """Sums over a process tree; analysing processes decode, detect and classify, the others do all else."""

    analysing_cpu_seconds: float
    other_cpu_seconds: float
    resident_bytes: int  # of all; pages that several share are counted for each

    @property
    def cpu_seconds(self) -> float:
        """Of all."""
        return self.analysing_cpu_seconds + self.other_cpu_seconds


def use_of(*pids: int | None) -> TreeUse:
    """Look at these processes and their descendants; one that has gone counts nothing."""
    analysing = other = 0.0
    resident = 0
    waiting = [pid for pid in pids if pid is not None]
    while waiting:
        pid = waiting.pop()
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            command = Path(f"/proc/{pid}/cmdline").read_text()
            children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        except OSError:
            continue
        seconds = (int(fields[11]) + int(fields[12])) / _CLOCK_TICKS
        if "worker.analysis.main" in command:
            analysing += seconds
        else:
            other += seconds
        resident += int(fields[21]) * _PAGE_BYTES
        waiting.extend(int(child) for child in children)
    return TreeUse(analysing_cpu_seconds=analysing, other_cpu_seconds=other, resident_bytes=resident)
