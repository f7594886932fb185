"""How far a run is: a moving line with frames a second and time left on a terminal, one plain line elsewhere."""

import sys
import time
from types import TracebackType
from typing import Self

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task, TextColumn, TimeRemainingColumn
from rich.text import Text

from core.wording import counted


class _FramesPerSecond(ProgressColumn):
    def render(self, task: Task) -> Text:
        return Text(f"{task.speed or 0:.1f} frames/s")


class FrameProgress:
    """Shows one file's progress on standard error, so that standard output stays the result's."""

    def __init__(self, name: str, *, num_frames: int) -> None:
        self._name = name
        self._began = time.monotonic()
        self._num_frames_at_start: int | None = None
        self._num_frames = 0
        self._bar: Progress | None = None
        if sys.stderr.isatty():
            columns = (BarColumn(), MofNCompleteColumn(), _FramesPerSecond(), TimeRemainingColumn())
            self._bar = Progress(TextColumn("{task.description}"), *columns, console=Console(stderr=True))
            self._task = self._bar.add_task(name, total=num_frames)

    def __enter__(self) -> Self:
        if self._bar is not None:
            self._bar.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()
        if error is None:
            seconds = time.monotonic() - self._began
            new = self._num_frames - (self._num_frames_at_start or 0)
            typer.echo(
                f"{self._name}: {counted(new, 'frame')} in {seconds:.1f} s, {new / seconds:.1f} frames/s", err=True
            )

    def update(self, num_frames: int) -> None:
        """Take the number of frames that are done."""
        if self._num_frames_at_start is None:
            self._num_frames_at_start = num_frames  # a resumed job starts here
        self._num_frames = num_frames
        if self._bar is not None:
            self._bar.update(self._task, completed=num_frames)

    def close(self) -> None:
        """Take the moving line away."""
        if self._bar is not None:
            self._bar.stop()
            self._bar = None
