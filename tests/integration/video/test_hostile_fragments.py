"""Mutated fragments end in frames or in one clear line; fragments of mutated files give what the files give."""

import random
import time
import zlib
from collections.abc import Callable
from pathlib import Path

from core.errors import InputError
from core.media import ChunkSpan, MediaInfo
from producer.planning import plan_chunks
from tests.clips import EVERY_KIND, write_clip
from video.decoding.decode import SpanDecoder
from video.fragments.fragment import cut_fragment
from video.limits import MediaLimits
from video.probing.probe import probe

SEED = 20261120
MUTANTS_PER_KIND = 40
KINDS = (
    "h264_b_frames_open_gop.mp4",
    "hevc_open_gop.mp4",
    "vp8.webm",
    "vp9.webm",
    "av1.mp4",
    "mpeg2_b_frames.ts",
    "mpeg4.mov",
    "mjpeg.avi",
    "turned_90.mp4",
)
HEAD_BYTES = 150  # the header and the first packet's fields, where a byte does most


def mutate(content: bytes, chance: random.Random) -> bytes:
    mutant = bytearray(content[12:])
    for _ in range(chance.choice((1, 2, 8, 32))):
        mutant[chance.randrange(chance.choice((HEAD_BYTES, len(mutant))))] = chance.randrange(256)
    if chance.random() < 0.1:
        del mutant[chance.randrange(len(mutant)) :]
    return content[:8] + zlib.crc32(mutant).to_bytes(4, "little") + bytes(mutant)


def test_a_mutated_fragment_gives_frames_or_one_clear_line(tmp_path: Path) -> None:
    chance = random.Random(SEED)
    num_decoded = 0
    refusals = []
    for name in KINDS:
        clip = write_clip(tmp_path / name, EVERY_KIND[name])
        info = probe(clip, limits=MediaLimits())
        span = plan_chunks(info)[0]
        fragment = cut_fragment(clip, info, span, limits=MediaLimits())
        for number in range(MUTANTS_PER_KIND):
            started = time.monotonic()
            try:
                mutant = mutate(fragment, chance)
                frames = list(SpanDecoder(mutant, info, span, sample_rate_hz=None, limits=MediaLimits()))
                times_us = [frame.pts_us for frame in frames]
                assert times_us == sorted(set(times_us)), f"seed {SEED}, {name} {number}: times do not rise"
                num_decoded += 1
            except InputError as refusal:
                refusals.append(str(refusal))
            assert time.monotonic() - started < 20, f"seed {SEED}, {name} {number} took too long"
    assert min(num_decoded, len(refusals)) > 30
    assert all(refusal.isprintable() for refusal in refusals), refusals


def test_fragments_of_mutated_files_give_what_the_files_give(tmp_path: Path) -> None:
    chance = random.Random(SEED)
    sources = [write_clip(tmp_path / name, EVERY_KIND[name]) for name in KINDS]
    num_compared = 0
    for number in range(80):
        source = sources[number % len(sources)]
        mutant = tmp_path / f"mutant{source.suffix}"
        mutant.write_bytes(mutate_file(source.read_bytes(), chance))
        try:
            info = probe(mutant, limits=MediaLimits())
        except InputError:
            continue
        for span in plan_chunks(info, target_frames=5):
            same = outcome(by_fragment, mutant, info, span) == outcome(by_reference, mutant, info, span)
            assert same, f"seed {SEED}, {source.name}, mutant {number}, {span}"
            num_compared += 1
    assert num_compared > 60


def mutate_file(content: bytes, chance: random.Random) -> bytes:
    mutant = bytearray(content)
    for _ in range(chance.choice((1, 4, 16))):
        mutant[chance.randrange(len(mutant))] = chance.randrange(256)
    return bytes(mutant)


def by_reference(path: Path, _info: MediaInfo, _span: ChunkSpan) -> Path:
    return path


def by_fragment(path: Path, info: MediaInfo, span: ChunkSpan) -> bytes:
    return cut_fragment(path, info, span, limits=MediaLimits())


def outcome(
    transport: Callable[[Path, MediaInfo, ChunkSpan], Path | bytes], path: Path, info: MediaInfo, span: ChunkSpan
) -> tuple[object, ...]:
    """Return all that a span gives, or the one line that it ends in."""
    try:
        decoder = SpanDecoder(transport(path, info, span), info, span, sample_rate_hz=None, limits=MediaLimits())
        frames = [(f.frame_index, f.pts_us, None if f.image is None else f.image.tobytes()) for f in decoder]
    except InputError as refusal:
        return (str(refusal),)
    return (frames, decoder.faults)
