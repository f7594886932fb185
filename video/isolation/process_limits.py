"""Bounds the process that calls it: memory, CPU, files, and a life no longer than its parent's. Knows no video.

For processes that decode what strangers made. Linux holds all bounds; other systems hold those that they know.
"""

import ctypes
import os
import signal
import sys
from pathlib import Path

_PR_SET_PDEATHSIG = 1  # linux/prctl.h


def limit_this_process(*, extra_memory_bytes: int, parent_pid: int) -> None:
    """Let this process take so much memory beyond what it holds, leave no core dump, and die with its parent.

    For a worker's decoding process, after its models are loaded. Counts private writable memory, not address space,
    of which a GPU driver reserves more than any sensible bound.
    """
    if sys.platform == "linux":
        _lower("RLIMIT_DATA", _held_memory_bytes() + extra_memory_bytes)
    _lower("RLIMIT_CORE", 0)
    ask_for_signal_at_parents_death(signal.SIGKILL, parent_pid=parent_pid)


def confine_this_process(*, memory_bytes: int, cpu_seconds: int, parent_pid: int) -> None:
    """Allow only what a probe needs: so much address space and CPU, no written file, no core dump, no orphanhood."""
    _lower("RLIMIT_AS", memory_bytes)
    _lower("RLIMIT_CPU", cpu_seconds)
    _lower("RLIMIT_FSIZE", 0)
    _lower("RLIMIT_CORE", 0)
    ask_for_signal_at_parents_death(signal.SIGKILL, parent_pid=parent_pid)


def ask_for_signal_at_parents_death(signal_number: signal.Signals, *, parent_pid: int) -> None:
    """Have the kernel send this process a signal when its parent dies, also where it died already. Linux only."""
    if sys.platform != "linux":
        return
    # The kernel looks at the thread that started this process: it must live as long as the process is wanted.
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal_number)
    if os.getppid() != parent_pid:  # the parent died before the call above could see it
        os.kill(os.getpid(), signal_number)


def _lower(name: str, value: int) -> None:
    """Lower a limit, soft and hard; a limit that is lower already stays."""
    if sys.platform == "win32":
        return
    import resource  # exists on POSIX only

    kind = getattr(resource, name)
    _, hard = resource.getrlimit(kind)
    bound = value if hard == resource.RLIM_INFINITY else min(value, hard)
    try:
        resource.setrlimit(kind, (bound, bound))
    except (OSError, ValueError):
        if sys.platform == "linux":  # macOS refuses RLIMIT_AS; Linux has no reason to
            raise


def _held_memory_bytes() -> int:
    """Return VmData: private writable memory, which is what RLIMIT_DATA counts."""
    status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
    line = next(line for line in status.splitlines() if line.startswith("VmData:"))
    return int(line.split()[1]) * 1024
