"""An hour of film in one go: does memory stay flat, and is the end as quick as the beginning?

python -m benchmarks.long_clip [CLIP] [--minutes N]     the clip (without: the demo's) again and again, not re-encoded

Prints a line of JSON. Speed is frames a CPU second, which other programs on the machine disturb least.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import av
from sqlalchemy.exc import OperationalError

from benchmarks.process_tree import use_of
from cli.videos.demo_clip import make_demo_clip
from db.jobs import list_jobs
from db.store import Store, open_store

MOODLINE = Path(sys.executable).with_name("moodline")
SAMPLE_SECONDS = 1.0
LEAST_MINUTES = 10


@dataclass(frozen=True, kw_only=True)
class Sample:
    """How far the analysis was, and what it had taken by then."""

    num_frames: int
    cpu_seconds: float
    resident_bytes: int


def write_again_and_again(clip: Path, out: Path, *, minutes: float) -> None:
    """Copy a clip's packets behind each other until there are so many minutes of film."""
    shift = 0
    with av.open(str(out), "w") as written:
        stream = None
        while stream is None or shift * stream.time_base < minutes * 60:
            with av.open(str(clip)) as source:
                first = source.streams.video[0]
                if stream is None:
                    stream = written.add_stream_from_template(first)
                    stream.time_base = first.time_base
                end = 0
                for packet in source.demux(first):
                    if packet.dts is None or packet.pts is None:
                        continue
                    end = max(end, packet.pts + (packet.duration or 1))
                    packet.pts += shift
                    packet.dts += shift
                    packet.stream = stream
                    written.mux(packet)
                shift += end


def analyse(film: Path, folder: Path) -> list[Sample]:
    """Run `moodline analyze` and look at it every second: a sample for each number of committed frames."""
    url = f"sqlite:///{folder / 'long.db'}"
    store = open_store(url)
    samples: dict[int, Sample] = {}
    command = [MOODLINE, "analyze", film, "--db", url, "--json"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        while process.poll() is None:
            use, num_frames = use_of(process.pid), _committed_frames(store)
            if use.analysing_cpu_seconds:  # it is there, and not gone again
                # the first look at a number of frames is the nearest to their commit
                sample = Sample(num_frames=num_frames, cpu_seconds=use.cpu_seconds, resident_bytes=use.resident_bytes)
                samples.setdefault(num_frames, sample)
            time.sleep(SAMPLE_SECONDS)
    store.close()
    if process.returncode:
        raise SystemExit(f"{film}: moodline analyze ended with {process.returncode}")
    return [sample for num_frames, sample in sorted(samples.items()) if num_frames]


def summary(samples: list[Sample], *, minutes: float) -> dict[str, object]:
    """Compare the first sixth of the frames with the last: ten minutes each of an hour."""
    last = samples[-1].num_frames
    first_sixth = [sample for sample in samples if sample.num_frames <= last / 6]
    last_sixth = [sample for sample in samples if sample.num_frames >= last * 5 / 6]
    begin, end = _frames_per_cpu_second(first_sixth), _frames_per_cpu_second(last_sixth)
    megabytes = [round(max(s.resident_bytes for s in part) / 1e6) for part in (first_sixth, samples, last_sixth)]
    return {
        "minutes": minutes,
        "num_frames": last,
        "frames_per_cpu_second": {"first_sixth": round(begin, 1), "last_sixth": round(end, 1)},
        "last_over_first": round(end / begin, 3),
        "resident_megabytes_at_most": dict(zip(("first_sixth", "whole", "last_sixth"), megabytes, strict=True)),
    }


def _frames_per_cpu_second(samples: list[Sample]) -> float:
    first, last = samples[0], samples[-1]
    return (last.num_frames - first.num_frames) / (last.cpu_seconds - first.cpu_seconds)


def _committed_frames(store: Store) -> int:
    try:
        with store.reading() as connection:
            return sum(job.num_frames for job in list_jobs(connection))
    except OperationalError:  # locked: look again in a second
        return 0


def main() -> None:
    """Make the film, analyse it, say what was seen."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("clip", nargs="?", type=Path)
    parser.add_argument("--minutes", type=float, default=60)
    asked = parser.parse_args()
    if asked.minutes < LEAST_MINUTES:
        parser.error(f"--minutes {asked.minutes:g}: at least {LEAST_MINUTES}, so that a sixth holds several chunks")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        clip = asked.clip
        if clip is None:
            clip = folder / "demo.mp4"
            make_demo_clip(clip)
        film = folder / f"film{clip.suffix}"
        write_again_and_again(clip, film, minutes=asked.minutes)
        print(json.dumps(summary(analyse(film, folder), minutes=asked.minutes)))


if __name__ == "__main__":
    main()
