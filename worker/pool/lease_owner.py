"""Who holds a lease on this machine, written so that another process can tell whether the holder still lives."""

import os
import platform
from pathlib import Path
from typing import Final

_SEPARATOR: Final = "/"


def this_process() -> str:
    """Name this process: host, pid, and when it started, since pids are used again."""
    return _SEPARATOR.join((platform.node(), str(os.getpid()), _started_at(os.getpid()) or "unknown"))


def is_alive(owner: str) -> bool:
    """Whether a lease's owner may still be at work. An owner on another host is taken to be: its lease will tell."""
    host, pid, started_at = owner.rsplit(_SEPARATOR, maxsplit=2)
    if host != platform.node():
        return True
    now = _started_at(int(pid))
    return now is not None and started_at in (now, "unknown")


def _started_at(pid: int) -> str | None:
    """Return the moment a process started, in the kernel's clock ticks; None where there is no such process."""
    try:
        # the name in parentheses may itself hold spaces and parentheses; start time is the 20th field after it
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]
    except OSError:
        pass
    if Path("/proc/self/stat").exists():
        return None
    try:
        os.kill(pid, 0)  # no /proc: macOS
    except ProcessLookupError:
        return None
    except PermissionError:
        pass
    return "unknown"
