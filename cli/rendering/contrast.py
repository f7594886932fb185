"""Two sides compared, as a terminal table and as JSON: conditions by session, groups by person."""

from collections.abc import Mapping
from typing import Any

from rich.table import Table
from rich.text import Text

from core.people.contrast import LEAST_SESSIONS, Contrast


def contrast_rows(found: Mapping[str, Contrast | None], *, first: str, second: str, unit: str) -> Table:
    """A row a measure; `unit` is what is counted: sessions, people."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("measure")
    for name in (first, second, "difference", "95 % interval", "Hedges' g", unit):
        table.add_column(name, justify="right")
    for name, each in found.items():
        if each is None:
            table.add_row(name, "", "", Text("insufficient", style="dim"))
            continue
        style = "bold" if each.excludes_zero else ""
        table.add_row(
            name,
            f"{each.first_mean:.3f}",
            f"{each.second_mean:.3f}",
            Text(f"{each.difference:+.3f}", style=style),
            Text(f"{each.low:+.3f} to {each.high:+.3f}", style=style),
            "" if each.effect_size is None else f"{each.effect_size:+.2f}",
            f"{each.num_first}, {each.num_second}",
        )
    if None in found.values():
        table.caption = Text(f"insufficient: {LEAST_SESSIONS} {unit} a side are the least", style="dim")
        table.caption_justify = "left"
    return table


def contrast_document(each: Contrast | None, *, unit: str) -> dict[str, Any] | None:
    """One measure's comparison; None: too few."""
    if each is None:
        return None
    return {
        "first_mean": round(each.first_mean, 6),
        "second_mean": round(each.second_mean, 6),
        "difference": round(each.difference, 6),
        "low": round(each.low, 6),
        "high": round(each.high, 6),
        "effect_size": None if each.effect_size is None else round(each.effect_size, 4),
        f"num_first_{unit}": each.num_first,
        f"num_second_{unit}": each.num_second,
    }
