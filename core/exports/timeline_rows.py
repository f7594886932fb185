"""A media's timeline as a table: one row a bin, gaps too."""

from collections.abc import Iterator
from typing import Final

from core.emotions import EMOTIONS
from core.exports.columns import Cell, ExportTable, integer, number, text
from core.timeline import Timeline

_DECIMALS: Final = 6

COLUMNS: Final = (
    number("start_seconds", "the bin's beginning, inclusive", "s of presentation time"),
    integer("start_us", "the bin's beginning, inclusive", "us of presentation time"),
    integer("num_frames", "sampled frames; 0 is a gap", "frames"),
    integer("num_face_frames", "of these, frames in which a face was found", "frames"),
    integer("num_rejected_frames", "of the face frames, those in which every reading abstained", "frames"),
    integer("num_undecodable_frames", "of the sampled frames, those whose bytes are damaged", "frames"),
    integer("num_faces", "counted readings", "readings"),
    text("top", "the emotion that faces mostly appear to show; missing where nothing counted"),
    *(
        number(f"p_{emotion}", f"mean probability of {emotion} over the counted readings", "probability 0..1")
        for emotion in EMOTIONS
    ),
)


def timeline_table(timeline: Timeline) -> ExportTable:
    """Put a timeline's bins one under the other."""
    return ExportTable(columns=COLUMNS, rows=_rows(timeline))


def _rows(timeline: Timeline) -> Iterator[tuple[Cell, ...]]:
    for p in timeline.points:
        counts = (p.num_frames, p.num_face_frames, p.num_rejected_frames, p.num_undecodable_frames, p.num_faces)
        probs: tuple[Cell, ...] = (None,) * len(EMOTIONS)
        if p.probs is not None:
            probs = tuple(round(value, _DECIMALS) for value in p.probs)
        yield (p.start_seconds, p.start_us, *counts, p.top, *probs)
