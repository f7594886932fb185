"""Runs a program that lives no longer than the process that started it. Knows no program.

Linux does that for any death; on other systems a program outlives a parent that was killed with kill -9.
"""

import os
import signal
import sys
from collections.abc import Sequence

from video.isolation.process_limits import ask_for_signal_at_parents_death


def bound_command(command: Sequence[str]) -> list[str]:
    """Return the command that runs this one bound to the calling process.

    The kernel watches the thread that starts it: start it from one that lives as long as the program is wanted.
    """
    return [sys.executable, "-P", "-m", __name__, str(os.getpid()), *command]


def _become(command: list[str], *, parent_pid: int) -> None:
    """Bind this process to its parent and replace it by the program; the bond survives the replacement."""
    ask_for_signal_at_parents_death(signal.SIGKILL, parent_pid=parent_pid)
    os.execv(command[0], command)


if __name__ == "__main__":
    _become(sys.argv[2:], parent_pid=int(sys.argv[1]))
