"""Mutated files and bombs: each ends in frames or in one clear line, soon and in little memory."""

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from core.errors import InputError
from tests.clips import X265_OPEN_GOP, Recipe, write_clip
from tests.decoding import decode_file
from video.isolation.isolation import probe_isolated
from video.limits import MediaLimits

SEED = 20261120
NUM_MUTANTS = 200
SOURCES = {
    "a.mp4": Recipe(num_frames=12, with_sound=True),
    "b.mkv": Recipe(num_frames=12, encoder="libx265", options=X265_OPEN_GOP),
    "c.webm": Recipe(num_frames=12, encoder="libvpx-vp9", options={"deadline": "realtime", "cpu-used": "8"}),
    "d.avi": Recipe(num_frames=12, encoder="mpeg4", options={"bf": "2"}),
    "e.ts": Recipe(num_frames=12),
    "f.h264": Recipe(num_frames=12),
    "g.mp4": Recipe(num_frames=12, encoder="libsvtav1", options={"preset": "12"}),
    "h.mov": Recipe(num_frames=12, encoder="mjpeg", options={}, pix_fmt="yuvj420p"),
}


def mutate(content: bytes, chance: random.Random) -> bytes:
    mutant = bytearray(content)
    for _ in range(chance.choice((1, 4, 16, 64))):
        mutant[chance.randrange(len(mutant))] = chance.randrange(256)
    if chance.random() < 0.2:
        del mutant[chance.randrange(len(mutant)) :]
    if chance.random() < 0.2:  # the headers, where a byte does most
        mutant[chance.randrange(min(400, len(mutant) or 1)) :][:1] = b"\xff"
    return bytes(mutant)


def test_a_mutated_file_gives_frames_or_one_clear_line(tmp_path: Path) -> None:
    chance = random.Random(SEED)
    sources = [write_clip(tmp_path / name, recipe) for name, recipe in SOURCES.items()]
    outcomes = {"decoded": 0, "refused": 0}
    messages = []
    for number in range(NUM_MUTANTS):
        source = sources[number % len(sources)]
        mutant = tmp_path / f"mutant{source.suffix}"
        mutant.write_bytes(mutate(source.read_bytes(), chance))
        started = time.monotonic()
        try:
            decoded = decode_file(mutant, target_frames=5)
            times_us = decoded.times_us
            assert times_us == sorted(set(times_us)), f"seed {SEED}, mutant {number}: times do not rise"
            outcomes["decoded"] += 1
        except InputError as refusal:
            outcomes["refused"] += 1
            messages.append(str(refusal))
        assert time.monotonic() - started < 20, f"seed {SEED}, mutant {number} took too long"
    assert min(outcomes.values()) > 10, outcomes
    assert all(message.isprintable() for message in messages), messages


@pytest.fixture(scope="module")
def bomb(tmp_path_factory: pytest.TempPathFactory) -> Path:
    recipe = Recipe(width_px=8000, height_px=6000, num_frames=1, options={"preset": "ultrafast"})
    return write_clip(tmp_path_factory.mktemp("bomb") / "bomb.mp4", recipe)


@pytest.mark.skipif(sys.platform != "linux", reason="the peak of memory is read from /proc")
def test_refusing_a_bomb_takes_little_memory(bomb: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from video.limits import MediaLimits\n"
        "from video.probing.probe import probe\n"
        "try: probe(Path(sys.argv[1]), limits=MediaLimits())\n"
        "except Exception: print(Path('/proc/self/status').read_text().split('VmHWM:')[1].split()[0])\n"
    )
    root = Path(__file__).parents[3]
    done = subprocess.run([sys.executable, "-c", code, str(bomb)], cwd=root, capture_output=True, text=True, check=True)
    assert int(done.stdout) < 100 * 1024  # KiB; one decoded picture is 72 MB, Python with PyAV 40 MB


def test_a_bomb_is_refused_before_a_picture_of_it_is_made(bomb: Path) -> None:
    limits = MediaLimits(probe_memory_bytes=400 * 1024**2)  # one picture of it, as RGB, is 144 MB; a decoder takes more
    with pytest.raises(InputError, match="8000x6000; at most 40,000,000 pixels"):
        probe_isolated(bomb, limits=limits)
