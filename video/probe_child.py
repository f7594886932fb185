"""The short-lived process that probes one file: reads the request from stdin, writes one line of JSON, ends.

Imports only what a probe needs, so that it starts in a tenth of a second.
"""

import json
import os
import sys
from dataclasses import asdict
from pathlib import Path

from core.errors import InputError
from video.limits import MediaLimits
from video.process_limits import confine_this_process

#: Exit codes that the parent understands; any other is a crash.
EXIT_OUT_OF_MEMORY = 71


def main() -> None:
    """Probe the file that stdin names, under the limits that it gives."""
    request = json.load(sys.stdin)
    limits = MediaLimits(**request["limits"])
    answer = os.fdopen(os.dup(1), "w", encoding="ascii")
    os.dup2(2, 1)  # whatever a library prints goes to stderr and is never taken for the answer
    confine_this_process(
        memory_bytes=limits.probe_memory_bytes,
        cpu_seconds=limits.probe_timeout_seconds,
        parent_pid=request["parent_pid"],
    )
    try:
        json.dump(_answer(Path(os.fsdecode(bytes.fromhex(request["path_hex"]))), limits), answer)
        answer.close()
    except MemoryError:
        os._exit(EXIT_OUT_OF_MEMORY)


def _answer(path: Path, limits: MediaLimits) -> dict[str, object]:
    from video.probe import probe  # after the limits, so that they hold for FFmpeg's own start too

    try:
        return {"info": asdict(probe(path, limits=limits))}
    except InputError as err:
        if isinstance(err.__cause__, MemoryError):
            raise err.__cause__ from err
        return {"refusal": str(err)}


if __name__ == "__main__":
    main()
