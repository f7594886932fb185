"""Ours beside every peer, in one run: CPU milliseconds a frame, what the fast detector loses, processes, the store.

python -m benchmarks.bench [CLIP...] [--rounds N] [--without-fer] [--out FOLDER]     without a clip: the demo's

Writes latest.json and latest.png into FOLDER (benchmarks/results). How to read them: benchmarks/README.md.
"""

import argparse
import json
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import av

from benchmarks.agreement import Agreement, compare, rows_of
from benchmarks.bench_chart import draw
from benchmarks.bench_store import measure_store
from benchmarks.fer_environment import fer_command
from benchmarks.turns import Spent, at_once, module, take_turns
from cli.videos.demo_clip import make_demo_clip

RESULTS = Path(__file__).parent / "results"
MIN_FACE_PX = 40

#: So many frames of a clip at most, and so many pixels, so that a 1080p clip does not take the run over.
MAX_FRAMES = 120
MAX_PIXELS = 60 * 1920 * 1080

DECODE = "decode to RGB"
FACENET = "facenet-pytorch MTCNN"
EXACT_FACES = "Moodline exact, faces only"
FAST_FACES = "Moodline fast, faces only"
FER_HAAR = "fer, Haar"
FER_MTCNN = "fer, MTCNN"
EXACT = "Moodline exact"
FAST = "Moodline fast"


@dataclass(frozen=True, kw_only=True)
class Cost:
    """What a program spends on a frame of a clip."""

    cpu_ms: float  # median over rounds
    least_cpu_ms: float
    most_cpu_ms: float
    times_decode: float  # median over rounds of its cost over that round's cost of decoding


@dataclass(frozen=True, kw_only=True)
class ClipResult:
    """One clip."""

    clip: str
    width_px: int
    height_px: int
    num_frames: int
    costs: Mapping[str, Cost]
    agreement: Agreement


def programs(clip: Path, num_frames: int, *, with_fer: bool) -> dict[str, list[str | Path]]:
    """Return the commands of everything that is compared on a clip."""
    ours = [clip, num_frames, MIN_FACE_PX]
    found: dict[str, list[str | Path]] = {
        DECODE: [*module("contender_decode", clip, num_frames)],
        FACENET: [*module("contender_facenet", *ours)],
        EXACT_FACES: [*module("contender_moodline", *ours, "exact", "detect")],
        FAST_FACES: [*module("contender_moodline", *ours, "fast", "detect")],
        EXACT: [*module("contender_moodline", *ours, "exact", "all")],
        FAST: [*module("contender_moodline", *ours, "fast", "all")],
    }
    if with_fer:
        found |= {FER_HAAR: fer_command(clip, num_frames, "haar"), FER_MTCNN: fer_command(clip, num_frames, "mtcnn")}
    return found


def costs_of(spent: Mapping[str, Sequence[Spent]]) -> dict[str, Cost]:
    """Sum rounds up; a round's ratios are of that round."""
    decode = [turn.cpu_ms_per_frame for turn in spent[DECODE]]
    return {
        name: Cost(
            cpu_ms=statistics.median(turn.cpu_ms_per_frame for turn in turns),
            least_cpu_ms=min(turn.cpu_ms_per_frame for turn in turns),
            most_cpu_ms=max(turn.cpu_ms_per_frame for turn in turns),
            times_decode=statistics.median(
                turn.cpu_ms_per_frame / base for turn, base in zip(turns, decode, strict=True)
            ),
        )
        for name, turns in spent.items()
    }


def measure_clip(clip: Path, *, num_rounds: int, with_fer: bool) -> ClipResult:
    """Measure one clip."""
    with av.open(str(clip)) as container:
        stream = container.streams.video[0]
        width, height = stream.width, stream.height
    num_frames = min(MAX_FRAMES, max(10, MAX_PIXELS // (width * height)))
    print(f"{clip.name}: {width}x{height}, {num_frames} frames, {num_rounds} rounds", file=sys.stderr)
    spent = take_turns(programs(clip, num_frames, with_fer=with_fer), num_rounds=num_rounds)
    return ClipResult(
        clip=clip.name,
        width_px=width,
        height_px=height,
        num_frames=num_frames,
        costs=costs_of(spent),
        agreement=compare(clip, min_face_px=MIN_FACE_PX),
    )


def rows_of_costs(results: Sequence[ClipResult]) -> list[str]:
    """Write the costs as Markdown."""
    lines = [
        f"| CPU ms a frame, one thread, faces from {MIN_FACE_PX} px | "
        + " | ".join(f"{result.clip} {result.width_px}x{result.height_px}" for result in results)
        + " |",
        "|---|" + "---|" * len(results),
    ]
    for name in results[0].costs:
        cells = [
            f"{cost.cpu_ms:.2f} ({cost.least_cpu_ms:.2f}-{cost.most_cpu_ms:.2f}), {cost.times_decode:.1f} x decode"
            for cost in (result.costs[name] for result in results)
        ]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return lines


def describe_machine() -> dict[str, Any]:
    """Say what ran here, and which commit."""
    here = Path(__file__).parent
    commit = subprocess.run(["git", "rev-parse", "HEAD"], cwd=here, capture_output=True, text=True, check=False)
    cpu_info = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    models = [line.partition(":")[2].strip() for line in cpu_info if line.startswith("model name")]
    return {
        "commit": commit.stdout.strip(),
        "processor": models[0] if models else platform.processor(),
        "python": platform.python_version(),
        "measured_at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "command": " ".join(["python -m benchmarks.bench", *(Path(word).name for word in sys.argv[1:])]),
    }


def main() -> None:
    """Measure everything, print tables, write the results."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("clips", nargs="*", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--without-fer", action="store_true", help="fer needs 7 GB of packages")
    parser.add_argument("--out", type=Path, default=RESULTS)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        clips = asked.clips
        if not clips:
            clips = [Path(folder) / "demo.mp4"]
            make_demo_clip(clips[0])
        results = [
            measure_clip(clip.resolve(), num_rounds=asked.rounds, with_fer=not asked.without_fer) for clip in clips
        ]
        one_and_two = {
            name: at_once(programs(clips[0].resolve(), MAX_FRAMES, with_fer=False)[name], num_processes=2, num_rounds=9)
            for name in (FAST, DECODE)
        }
    store = measure_store()
    print("\n".join(rows_of_costs(results)))
    print("\nThe fast detector against the exact one, every frame:\n")
    print("\n".join(rows_of([result.agreement for result in results])))
    print("\nTwo processes do so many times the frames of one; decoding tells what this machine gives:")
    for name, rounds in one_and_two.items():
        print(f"{name}: {statistics.median(both / alone for alone, both in rounds):.2f}")
    print("\n".join(f"{name}: {value:,.1f}" for name, value in store.items()))
    asked.out.mkdir(parents=True, exist_ok=True)
    document = {
        "machine": describe_machine(),
        "clips": [asdict(result) for result in results],
        "frames_per_second_one_and_two": one_and_two,
        "store": store,
    }
    (asked.out / "latest.json").write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
    draw(document, asked.out / "latest.png")


if __name__ == "__main__":
    main()
