"""`moodline cameras`: what came of each camera, what became of it, and when nothing came."""

import json
import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.options import DbOption, store_url

if TYPE_CHECKING:
    from db.live.cameras import CameraSummary
    from db.records import CameraGap


def cameras(
    db: DbOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object a camera, with its gaps.")] = False,
) -> None:
    """List the cameras in the store: pictures captured, processed, waiting and dropped, lag, and gaps."""
    from db.live.cameras import camera_summary, list_cameras, list_gaps
    from db.store import open_existing_store

    store = open_existing_store(store_url(db))
    with store.reading() as connection:
        names = list_cameras(connection)
        found = [(camera_summary(connection, name), list_gaps(connection, name)) for name in names]
    store.close()
    if as_json:
        for summary, gaps in found:
            typer.echo(json.dumps(_document(summary, gaps)))
    else:
        _print_table([summary for summary, _ in found])


def _document(summary: "CameraSummary", gaps: "list[CameraGap]") -> dict[str, Any]:
    last_at = summary.last_picture_at
    return {
        "camera": summary.camera,
        "is_open": summary.is_open,
        "num_stretches": summary.num_stretches,
        "num_captured_frames": summary.num_captured_frames,
        "num_processed_frames": summary.num_processed_frames,
        "num_waiting_frames": summary.num_waiting_frames,
        "num_dropped_frames": summary.num_dropped_frames,
        "num_frames_by_error": summary.num_frames_by_error,
        "lag_p50_seconds": _rounded(summary.lag_p50_seconds),
        "lag_p95_seconds": _rounded(summary.lag_p95_seconds),
        "last_picture_at": last_at.isoformat() if last_at else None,
        "gaps": [
            {
                "from_at": gap.from_at.isoformat(),
                "until_at": gap.until_at.isoformat() if gap.until_at else None,
                "reason": gap.reason,
            }
            for gap in gaps
        ],
    }


def _rounded(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds, 3)


def _print_table(found: "list[CameraSummary]") -> None:
    from rich.table import Table

    from cli.terminal import console_for

    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("camera", "now"):
        table.add_column(name, no_wrap=True)
    for name in ("stretches", "captured", "processed", "waiting", "dropped", "lag p95", "gaps"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("dropped because")
    for summary in found:
        lag = summary.lag_p95_seconds
        table.add_row(
            summary.camera,
            "watched" if summary.is_open else "",
            *(
                f"{number:,}"
                for number in (
                    summary.num_stretches,
                    summary.num_captured_frames,
                    summary.num_processed_frames,
                    summary.num_waiting_frames,
                    summary.num_dropped_frames,
                )
            ),
            "" if lag is None else f"{lag:.1f} s",
            f"{summary.num_gaps:,}",
            ", ".join(f"{code} {number:,}" for code, number in summary.num_frames_by_error.items()),
        )
    console_for(sys.stdout).print(table if found else "no camera yet; `moodline watch ADDRESS --camera NAME` adds one")
