"""Probes a file in a process of its own, so that a hostile file can at worst kill that process.

Knows how to start, bound and read the child; what a probe does is probe.py's.
"""

import json
import os
import signal
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from core.errors import EnvironmentFault, InputError
from core.media import CutPoint, MediaInfo
from video.limits import MediaLimits
from video.probe_child import EXIT_OUT_OF_MEMORY
from video.sniffing import printable

_PACKAGES_ROOT = Path(__file__).resolve().parents[1]

#: What a child may see of our environment: enough to load Python, no database address and no password.
_PASSED_ON = ("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SYSTEMROOT", "LANG", "LC_ALL", "VIRTUAL_ENV")


def probe_isolated(path: Path, *, limits: MediaLimits) -> MediaInfo:
    """Do what probe() does, in a child with bounded memory, CPU and time. The caller's thread waits for it."""
    name = printable(path)
    request = {
        "path_hex": os.fsencode(path).hex(),
        "limits": asdict(limits),
        "parent_pid": os.getpid(),
    }
    child = _run_child(json.dumps(request), name, limits)
    if child.returncode == 0:
        return _read_answer(child.stdout, name)
    if child.returncode == EXIT_OUT_OF_MEMORY:
        raise InputError(
            f"{name} needs more than {limits.probe_memory_bytes // 1024**2} MB to be read; "
            f"it is damaged or made to harm: convert it with ffmpeg where you trust it"
        )
    if child.returncode < 0:
        death = _death_in_words(-child.returncode, limits)
        raise InputError(f"{name} {death}; it is damaged or made to harm: not read")
    last_words = (child.stderr.strip().splitlines() or ["no message"])[-1]
    raise EnvironmentFault(f"the probe of {name} failed with exit code {child.returncode} ({last_words}); see doctor")


def _run_child(request: str, name: str, limits: MediaLimits) -> "subprocess.CompletedProcess[str]":
    environment = {key: os.environ[key] for key in _PASSED_ON if key in os.environ}
    environment["PYTHONPATH"] = str(_PACKAGES_ROOT)
    try:
        return subprocess.run(
            [sys.executable, "-P", "-m", "video.probe_child"],
            input=request,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=limits.probe_timeout_seconds,
            env=environment,
            check=False,
        )
    except subprocess.TimeoutExpired as err:  # subprocess.run has killed and reaped the child
        raise InputError(
            f"{name} could not be read within {limits.probe_timeout_seconds} s; it is damaged or made to harm: not read"
        ) from err
    except OSError as err:
        raise EnvironmentFault(f"cannot start a process to probe {name} ({err.strerror}); free memory") from err


def _death_in_words(number: int, limits: MediaLimits) -> str:
    if number in (signal.SIGXCPU, signal.SIGKILL):
        return f"used up its {limits.probe_timeout_seconds} s of computing time or its memory"
    return f"crashed the reader (signal {number})"


def _read_answer(line: str, name: str) -> MediaInfo:
    try:
        answer: dict[str, Any] = json.loads(line)
        if "refusal" in answer:
            raise InputError(answer["refusal"])
        fields: dict[str, Any] = answer["info"]
        cut_points = tuple(CutPoint(**cut) for cut in fields.pop("cut_points"))
        return MediaInfo(**fields, cut_points=cut_points)
    except (ValueError, KeyError, TypeError) as err:
        raise EnvironmentFault(f"the probe of {name} gave an answer that cannot be read; see doctor") from err
