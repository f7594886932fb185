"""Which limit binds on a device, decoding or networks, and how near the whole comes to it: frames a second.

python -m benchmarks.device_limits [CLIP] [--device cuda:0] [--model small|large] [--rounds N]     no clip: the demo's

Prints a line of JSON. Networks are measured over frames in memory; everything, with one process and with as many as are
asked for (--processes), decodes, analyses and commits. Where everything comes near to decoding on all cores, decoding
binds; where it comes near to the networks, they or the copies to the device do.
"""

import argparse
import json
import os
import statistics
import tempfile
from pathlib import Path

from benchmarks.bench import MAX_FRAMES, MIN_FACE_PX
from benchmarks.turns import at_once, module
from cli.videos.demo_clip import make_demo_clip


def measure(clip: Path, *, device: str, model: str, num_processes: int, num_rounds: int) -> dict[str, object]:
    """Measure decoding, the networks and everything, each alone and several at once."""
    num_cores = os.cpu_count() or 1

    def ours(what: str) -> list[str]:
        return module("contender_moodline", clip, MAX_FRAMES, MIN_FACE_PX, "fast", what, device, model)

    decode = at_once(module("contender_decode", clip, MAX_FRAMES), num_processes=num_cores, num_rounds=num_rounds)
    networks = at_once(ours("networks"), num_processes=num_processes, num_rounds=num_rounds)
    everything = at_once(ours("all"), num_processes=num_processes, num_rounds=num_rounds)
    bound = min(_median(decode, 1), _median(networks, 1))
    return {
        "device": device,
        "model": model,
        "clip": clip.name,
        "unit": "frames a second",
        "decode": {"one process": _median(decode, 0), f"{num_cores} processes": _median(decode, 1)},
        "networks": {"one process": _median(networks, 0), f"{num_processes} processes": _median(networks, 1)},
        "everything": {"one process": _median(everything, 0), f"{num_processes} processes": _median(everything, 1)},
        "binds": "decode" if _median(decode, 1) < _median(networks, 1) else "networks",
        "everything_over_bound": round(_median(everything, 1) / bound, 2),
        "num_rounds": num_rounds,
    }


def _median(rounds: list[tuple[float, float]], which: int) -> float:
    return round(statistics.median(pair[which] for pair in rounds), 1)


def main() -> None:
    """Measure a clip, or the demo's."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("clip", nargs="?", type=Path)
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--model", default="small")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=5)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        clip = asked.clip
        if clip is None:
            clip = Path(folder) / "demo.mp4"
            make_demo_clip(clip)
        result = measure(
            clip.resolve(),
            device=asked.device,
            model=asked.model,
            num_processes=asked.processes,
            num_rounds=asked.rounds,
        )
    print(json.dumps(result))


if __name__ == "__main__":
    main()
