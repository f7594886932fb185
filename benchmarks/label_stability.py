"""How steady and how right models are on real clips: label flips, abstentions, stretches that a person has read.

python -m benchmarks.label_stability CLIP... --models small,large --stretch CLIP:START-END:EMOTION ...

Follows each frame's largest face through the installed command, in a store of its own. Prints a Markdown table.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from statistics import mean
from typing import Any

MOODLINE = Path(sys.executable).with_name("moodline")


@dataclass(frozen=True, kw_only=True)
class Stretch:
    """Seconds of a clip in which a person has read one emotion."""

    clip: str  # the file's name
    start_seconds: float
    end_seconds: float
    emotion: str

    @classmethod
    def parse(cls, text: str) -> "Stretch":
        """Read CLIP:START-END:EMOTION."""
        try:
            clip, span, emotion = text.rsplit(":", 2)
            start, end = map(float, span.split("-"))
        except ValueError:
            raise argparse.ArgumentTypeError(f"{text!r}: write it like clip.mp4:11-19:happy") from None
        return cls(clip=clip, start_seconds=start, end_seconds=end, emotion=emotion)


def frames_of(clip: Path, model: str, folder: Path) -> list[dict[str, Any]]:
    """Analyse a clip with a model; return its rows."""
    store = f"sqlite:///{folder / f'{clip.stem}-{Path(model).stem}.db'}"
    analyze = [MOODLINE, "analyze", clip, "--model", model, "--db", store, "--json"]
    subprocess.run(analyze, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    printed = subprocess.run(
        [MOODLINE, "frames", "--media", clip, "--db", store], check=True, capture_output=True, text=True
    )
    return [json.loads(line) for line in printed.stdout.splitlines()]


def measure(frames: list[dict[str, Any]]) -> dict[str, float]:
    """Flips of the largest face's label between neighbouring frames, and how often its reading abstains."""
    largest = [frame["faces"][0] if frame["faces"] else None for frame in frames]
    pairs = [(one, two) for one, two in pairwise(largest) if one and two and not one["abstained"] | two["abstained"]]
    seconds = sum(
        later["pts_seconds"] - earlier["pts_seconds"]
        for (earlier, later), (one, two) in zip(pairwise(frames), pairwise(largest), strict=True)
        if one and two
    )
    seen = [face for face in largest if face]
    return {
        "faces": len(seen),
        "flips_per_minute": 60 * sum(one["top"] != two["top"] for one, two in pairs) / seconds if seconds else 0.0,
        "abstained": mean(face["abstained"] for face in seen) if seen else 0.0,
    }


def read_stretch(frames: list[dict[str, Any]], stretch: Stretch) -> dict[str, float]:
    """Share of the stretch's faces labelled with its emotion, and the emotion's mean probability."""
    inside = [
        frame["faces"][0]
        for frame in frames
        if frame["faces"] and stretch.start_seconds <= frame["pts_seconds"] < stretch.end_seconds
    ]
    if not inside:
        return {"faces": 0, "labelled": 0.0, "mean_prob": 0.0}
    return {
        "faces": len(inside),
        "labelled": mean(face["top"] == stretch.emotion for face in inside),
        "mean_prob": mean(face["probs"][stretch.emotion] for face in inside),
    }


def main() -> None:
    """Parse the command line, analyse, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("clips", nargs="+", type=Path)
    parser.add_argument("--models", default="small", help="names or cards, parted by commas")
    parser.add_argument("--stretch", action="append", type=Stretch.parse, default=[])
    args = parser.parse_args()
    print("| clip | model | faces | flips a minute | abstained | stretch | labelled so | mean p |")
    print("|---|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for clip in args.clips:
            for model in args.models.split(","):
                frames = frames_of(clip, model, Path(folder))
                whole = measure(frames)
                row = f"{whole['faces']} | {whole['flips_per_minute']:.0f} | {100 * whole['abstained']:.1f} %"
                print(f"| {clip.name} | {Path(model).stem} | {row} | | | |", flush=True)
                for stretch in (s for s in args.stretch if s.clip == clip.name):
                    read = read_stretch(frames, stretch)
                    span = f"{stretch.start_seconds:g}-{stretch.end_seconds:g} s {stretch.emotion}"
                    found = f"{100 * read['labelled']:.0f} % | {read['mean_prob']:.2f}"
                    print(f"| | | {read['faces']} | | | {span} | {found} |", flush=True)


if __name__ == "__main__":
    main()
