"""The faces of a picture on the terminal: a box and seven bars each."""

import sys

from rich.text import Text

from cli.rendering.timeline_table import COLOURS
from cli.terminal import console_for
from core.documents import NOTICE
from core.emotions import EMOTIONS
from core.observations import FaceObservation

_BAR_WIDTH = 40


def render_faces(faces: tuple[FaceObservation, ...], *, name: str) -> None:
    """Print the faces of a picture, largest first."""
    console = console_for(sys.stdout)
    if not faces:
        console.print(f"{name}: no face found")
        return
    for face in faces:
        x1, y1, x2, y2 = face.face.box
        unsure = ", unsure: not counted in timelines" if face.reading.abstained else ""
        console.print(
            f"{name}, face {face.face_index}: appears [bold]{face.reading.top}[/bold]{unsure}; "
            f"box {x1:.0f},{y1:.0f} to {x2:.0f},{y2:.0f}, score {face.face.score:.3f}"
        )
        for emotion, prob in zip(EMOTIONS, face.reading.probs, strict=True):
            bar = "█" * round(prob * _BAR_WIDTH)
            console.print(Text.assemble(f"  {emotion:<9}{prob:>6.1%} ", (bar, COLOURS[emotion])))
    console.print(Text(NOTICE, style="dim italic"))
