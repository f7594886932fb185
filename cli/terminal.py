"""Consoles that print tables and colours: as wide as the terminal, or wide enough for a table where there is none."""

from typing import TextIO

from rich.console import Console

#: A pipe or file has no width; this holds every column of our tables unwrapped.
_WIDTH_WITHOUT_TERMINAL = 140


def console_for(file: TextIO) -> Console:
    """Return a console that writes to a stream."""
    return Console(file=file, width=None if file.isatty() else _WIDTH_WITHOUT_TERMINAL, highlight=False)
