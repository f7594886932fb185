"""Reads a file in a process of its own, so that a hostile file can at worst kill that process.

Knows how to start, bound and understand the child; what a probe does is probe.py's, a cut fragment.py's, pictures
of faces face_pictures.py's.
"""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from core.errors import EnvironmentFault, InputError
from core.frames import RgbImage
from core.media import ChunkSpan, MediaInfo
from video.decoding.face_cuts import FaceCut
from video.isolation.isolated_child import EXIT_OUT_OF_MEMORY, read_info
from video.limits import MediaLimits
from video.sniffing import printable

_PACKAGES_ROOT = Path(__file__).resolve().parents[2]

#: What a child may see of our environment: enough to load Python, no database address and no password.
_PASSED_ON = ("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SYSTEMROOT", "LANG", "LC_ALL", "VIRTUAL_ENV")


def probe_isolated(path: Path, *, limits: MediaLimits) -> MediaInfo:
    """Do what probe() does, in a child with bounded memory, CPU and time. The caller's thread waits for it."""
    name = printable(path)
    answer, _ = _ask_child(path, {}, limits)
    try:
        return read_info(answer["info"])
    except (ValueError, KeyError, TypeError) as err:
        raise _unreadable_answer(name) from err


def cut_isolated(path: Path, info: MediaInfo, span: ChunkSpan, *, limits: MediaLimits) -> bytes:
    """Do what cut_fragment() does, in such a child."""
    _, content = _ask_child(path, {"info": asdict(info), "span": asdict(span)}, limits)
    return content


def cut_faces_isolated(
    path: Path, info: MediaInfo, span: ChunkSpan, cuts: Sequence[FaceCut], *, limits: MediaLimits
) -> list[RgbImage | None]:
    """Do what cut_faces() does, in such a child."""
    task = {"info": asdict(info), "span": asdict(span), "cuts": [asdict(cut) for cut in cuts]}
    answer, content = _ask_child(path, task, limits)
    pictures: list[RgbImage | None] = []
    try:
        for shape in answer["shapes"]:
            if shape is None:
                pictures.append(None)
                continue
            num_bytes = shape[0] * shape[1] * 3
            pictures.append(np.frombuffer(content[:num_bytes], np.uint8).reshape(*shape, 3))
            content = content[num_bytes:]
    except (ValueError, KeyError, TypeError, IndexError) as err:
        raise _unreadable_answer(printable(path)) from err
    return pictures


def _ask_child(path: Path, task: dict[str, Any], limits: MediaLimits) -> tuple[dict[str, Any], bytes]:
    """Return the child's line of JSON and the bytes behind it. Raises InputError for what it refused or died of."""
    name = printable(path)
    request = {
        **task,
        "path_hex": os.fsencode(path).hex(),
        "limits": asdict(limits),
        "parent_pid": os.getpid(),
    }
    child = _run_child(json.dumps(request), name, limits)
    if child.returncode == EXIT_OUT_OF_MEMORY:
        raise InputError(
            f"{name} needs more than {limits.probe_memory_bytes // 1024**2} MB to be read; "
            f"it is damaged or made to harm: convert it with ffmpeg where you trust it"
        )
    if child.returncode < 0:
        death = _death_in_words(-child.returncode, limits)
        raise InputError(f"{name} {death}; it is damaged or made to harm: not read")
    if child.returncode > 0:
        lines = child.stderr.decode("utf-8", "replace").strip().splitlines() or ["no message"]
        raise EnvironmentFault(f"reading {name} failed with exit code {child.returncode} ({lines[-1]}); see doctor")
    line, _, content = child.stdout.partition(b"\n")
    try:
        answer: dict[str, Any] = json.loads(line)
        refusal = answer.get("refusal")
    except (ValueError, AttributeError) as err:
        raise _unreadable_answer(name) from err
    if refusal is not None:
        raise InputError(refusal)
    return answer, content


def _run_child(request: str, name: str, limits: MediaLimits) -> "subprocess.CompletedProcess[bytes]":
    environment = {key: os.environ[key] for key in _PASSED_ON if key in os.environ}
    environment["PYTHONPATH"] = str(_PACKAGES_ROOT)
    try:
        return subprocess.run(
            [sys.executable, "-P", "-m", "video.isolation.isolated_child"],
            input=request.encode("ascii"),
            capture_output=True,
            timeout=limits.probe_timeout_seconds,
            env=environment,
            check=False,
        )
    except subprocess.TimeoutExpired as err:  # subprocess.run has killed and reaped the child
        raise InputError(
            f"{name} could not be read within {limits.probe_timeout_seconds} s; it is damaged or made to harm: not read"
        ) from err
    except OSError as err:
        raise EnvironmentFault(f"cannot start a process to read {name} ({err.strerror}); free memory") from err


def _death_in_words(number: int, limits: MediaLimits) -> str:
    if number in (signal.SIGXCPU, signal.SIGKILL):
        return f"used up its {limits.probe_timeout_seconds} s of computing time or its memory"
    return f"crashed the reader (signal {number})"


def _unreadable_answer(name: str) -> EnvironmentFault:
    return EnvironmentFault(f"reading {name} gave an answer that cannot be understood; see doctor")
