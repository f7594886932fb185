"""Forecasts and what they are worth, as terminal tables."""

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from rich.table import Table
from rich.text import Text

from cli.rendering.timeline_table import COLOURS
from cli.terminal import console_for
from core.documents import NOTICE
from core.emotions import EMOTIONS

if TYPE_CHECKING:
    from training.mood_sequence.evaluation import HorizonResult


def print_evaluation(results: "Sequence[HorizonResult]", *, bin_us: int) -> None:
    """A line a horizon and rival, and the verdict."""
    from training.mood_sequence.document import verdict

    table = Table("ahead", box=None, pad_edge=False, header_style="bold")
    for name in ("network", "rival", "its divergence", "better by", "95 % interval", "sessions"):
        table.add_column(name, justify="left" if name == "rival" else "right")
    for result in results:
        for rival, advantage in result.advantages.items():
            table.add_row(
                f"{result.num_bins_ahead * bin_us / 1e6:g} s",
                f"{result.divergence:.4f}",
                rival,
                f"{result.rival_divergences[rival]:.4f}",
                f"{advantage.mean:+.4f}",
                f"{advantage.low:+.4f} to {advantage.high:+.4f}",
                str(result.num_sessions),
            )
    console = console_for(sys.stdout)
    console.print(table)
    console.print(Text(f"On sessions that it never saw, the network {verdict(results)}.", style="bold"))
    told = "Divergence: Kullback-Leibler, nats, 0 is exact; a session is one value. It wins where it beats every rival."
    console.print(Text(told, style="dim"))
    console.print(Text(NOTICE, style="dim italic"))


def print_forecast(document: dict[str, Any]) -> None:
    """The last bins that were read, then the forecast, marked."""
    table = Table("from", "", box=None, pad_edge=False, header_style="bold")
    for emotion in EMOTIONS:
        table.add_column(emotion, justify="right")
    for each in document["bins"]:
        table.add_row(f"{each['start_seconds']:g} s", each["kind"], *_cells(each["probs"], style=""))
    for each in document["forecast"]:
        kind = Text("forecast", style="italic")
        table.add_row(f"{each['start_seconds']:g} s", kind, *_cells(each["probs"], style=" italic"))
    console = console_for(sys.stdout)
    console.print(table)
    worth = f"On held-out sessions, the network {document['verdict']} against simple rivals."
    console.print(Text(f"Rows marked forecast were not read; nothing of them is stored. {worth}", style="bold"))
    console.print(Text(NOTICE, style="dim italic"))


def _cells(probs: dict[str, float] | None, *, style: str) -> list[Text]:
    if probs is None:
        return [Text("·", style="dim")] * len(EMOTIONS)
    return [Text(f"{probs[emotion]:.0%}", style=COLOURS[emotion] + style) for emotion in EMOTIONS]
