"""The short-lived process that reads one file: a request from stdin, a line of JSON and maybe bytes back, and the end.

Imports only what reading needs, so that it starts in a tenth of a second.
"""

import json
import os
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from core.errors import InputError
from core.media import ChunkSpan, CutPoint, MediaInfo
from video.isolation.process_limits import confine_this_process
from video.limits import MediaLimits

#: Exit codes that the parent understands; any other is a crash.
EXIT_OUT_OF_MEMORY = 71


def main() -> None:
    """Probe the file that stdin names, or cut a fragment or faces out of it, under the limits that it gives."""
    request = json.load(sys.stdin)
    limits = MediaLimits(**request["limits"])
    answer = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints goes to stderr and is never taken for the answer
    confine_this_process(
        memory_bytes=limits.probe_memory_bytes,
        cpu_seconds=limits.probe_timeout_seconds,
        parent_pid=request["parent_pid"],
    )
    os.nice(limits.probe_niceness)
    try:
        line, content = _answer(request, Path(os.fsdecode(bytes.fromhex(request["path_hex"]))), limits)
        answer.write(json.dumps(line).encode("ascii") + b"\n")
        answer.write(content)
        answer.close()
    except MemoryError:
        os._exit(EXIT_OUT_OF_MEMORY)


def read_info(fields: dict[str, Any]) -> MediaInfo:
    """Return what a probe found, from its JSON form."""
    return MediaInfo(**{**fields, "cut_points": tuple(CutPoint(**cut) for cut in fields["cut_points"])})


def _answer(request: dict[str, Any], path: Path, limits: MediaLimits) -> tuple[dict[str, object], bytes]:
    # Imported after the limits are set, so that they hold for FFmpeg's own start too.
    try:
        if "span" not in request:
            from video.probing.probe import probe

            return {"info": asdict(probe(path, limits=limits))}, b""
        if "cuts" in request:
            return _faces(request, path, limits)
        from video.fragments.fragment import cut_fragment

        return {}, cut_fragment(path, read_info(request["info"]), ChunkSpan(**request["span"]), limits=limits)
    except InputError as err:
        if isinstance(err.__cause__, MemoryError):
            raise err.__cause__ from err
        return {"refusal": str(err)}, b""


def _faces(request: dict[str, Any], path: Path, limits: MediaLimits) -> tuple[dict[str, object], bytes]:
    from video.decoding.face_cuts import FaceCut
    from video.decoding.face_pictures import cut_faces

    cuts = [
        FaceCut(
            frame_index=cut["frame_index"],
            box=tuple(cut["box"]),
            hidden=tuple(tuple(box) for box in cut["hidden"]),
        )
        for cut in request["cuts"]
    ]
    pictures = cut_faces(path, read_info(request["info"]), ChunkSpan(**request["span"]), cuts, limits=limits)
    shapes = [None if picture is None else picture.shape[:2] for picture in pictures]
    return {"shapes": shapes}, b"".join(picture.tobytes() for picture in pictures if picture is not None)


if __name__ == "__main__":
    main()
