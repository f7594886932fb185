"""What every measured program does: get ready, then go when it is told to, and say what that cost.

Needs nothing but Python, since a peer runs in an environment of its own.
"""

import json
import sys
import time
from collections.abc import Callable


def serve(run: Callable[[], int]) -> None:
    """Run once for each line that comes in; `run` returns the number of frames it did. The first time warms up.

    Prints a line of JSON for each: frames, CPU seconds of all threads of this process, wall seconds.
    """
    for _ in sys.stdin:
        cpu, wall = time.process_time(), time.perf_counter()
        num_frames = run()
        spent = {"cpu_seconds": time.process_time() - cpu, "wall_seconds": time.perf_counter() - wall}
        print(json.dumps({"num_frames": num_frames, **spent}), flush=True)
