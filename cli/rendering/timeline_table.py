"""A timeline as a terminal table with sparklines. Knows values and text only."""

from typing import Final

from rich.console import Group
from rich.table import Table
from rich.text import Text

from core.documents import NOTICE
from core.emotions import EMOTIONS
from core.timeline import Timeline, TimelinePoint

#: One colour an emotion, the same in the terminal, the picture and the page; told apart by colour-blind eyes too.
COLOURS: Final = {
    "angry": "#d55e00",
    "disgust": "#009e73",
    "fear": "#9467bd",
    "happy": "#e69f00",
    "sad": "#0072b2",
    "surprise": "#cc79a7",
    "neutral": "#8c8c8c",
}

_BLOCKS: Final = "▁▂▃▄▅▆▇█"
_MAX_SPARK_POINTS: Final = 60
GAP_MARK: Final = "·"


def render_timeline(timeline: Timeline, *, title: str) -> Group:
    """Rows of bins under one sparkline an emotion."""
    return Group(
        Text(f"{title}: what the faces appear to show", style="bold"),
        _sparklines(timeline),
        _table(timeline),
        Text(NOTICE, style="dim italic"),
    )


def sparkline(values: list[float | None]) -> str:
    """Draw values of 0..1 as blocks; None, where nobody was seen, as a dot."""
    top = len(_BLOCKS) - 1
    return "".join(GAP_MARK if v is None else _BLOCKS[min(top, int(v * len(_BLOCKS)))] for v in values)


def _sparklines(timeline: Timeline) -> Table:
    table = Table(box=None, show_header=False, pad_edge=False)
    groups = _groups(timeline.points)
    for index, emotion in enumerate(EMOTIONS):
        values = [_mean([p.probs[index] for p in group if p.probs is not None]) for group in groups]
        table.add_row(emotion, Text(sparkline(values), style=COLOURS[emotion]))
    return table


def _groups(points: tuple[TimelinePoint, ...]) -> list[tuple[TimelinePoint, ...]]:
    """Join neighbouring bins until they fit a terminal's line."""
    size = -(-len(points) // _MAX_SPARK_POINTS) or 1
    return [points[start : start + size] for start in range(0, len(points), size)]


def _mean(values: list[float]) -> float | None:
    return sum(values) / len(values) if values else None


def _table(timeline: Timeline) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("from s", "frames", "with a face", "counted"):
        table.add_column(name, justify="right")
    table.add_column("appears")
    for emotion in EMOTIONS:
        table.add_column(emotion, justify="right")
    for point in timeline.points:
        table.add_row(*_cells(point))
    return table


def _cells(point: TimelinePoint) -> list[str | Text]:
    counts = [
        f"{point.start_seconds:.3f}".rstrip("0").rstrip("."),
        str(point.num_frames),
        str(point.num_face_frames),
        str(point.num_face_frames - point.num_rejected_frames),
    ]
    if point.probs is None or point.top is None:
        said = "not sampled" if point.num_frames == 0 else "nobody" if point.num_face_frames == 0 else "unsure"
        return [*counts, Text(said, style="dim"), *["" for _ in EMOTIONS]]
    shares = [Text(f"{value:.0%}", style="" if value >= 0.1 else "dim") for value in point.probs]
    return [*counts, Text(point.top, style=COLOURS[point.top]), *shares]
