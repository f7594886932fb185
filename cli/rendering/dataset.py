"""What was found in a data set, as tables and as a JSON document. Knows a report's values only."""

from typing import Any, Final

from rich.console import Group
from rich.table import Table
from rich.text import Text

from core.emotions import EMOTIONS
from training.datasets.cleaning import CleaningReport
from training.datasets.face_set import SPLITS

_MAX_ROWS_NAMED: Final = 13


def render_dataset(report: CleaningReport, num_near: tuple[int, ...] | None, *, title: str) -> Group:
    """Classes by split, then the findings with what to make of each. `num_near` is by split, None if not looked for."""
    return Group(
        Text(f"{title}: {report.num_pictures:,} labelled pictures", style="bold"),
        _class_table(report),
        Text(""),
        _finding_table(report, num_near),
    )


def dataset_document(report: CleaningReport, num_near: tuple[int, ...] | None) -> dict[str, Any]:
    """Return the report with every count named."""
    return {
        "num_pictures": report.num_pictures,
        "num_unique": report.num_unique,
        "num_duplicate_groups": report.num_duplicate_groups,
        "num_in_duplicate_groups": report.num_in_duplicate_groups,
        "num_surplus": report.num_surplus,
        "num_conflicting_groups": report.num_conflicting_groups,
        "num_without_votes": report.num_without_votes,
        "blank_rows": list(report.blank_rows),
        "wrong_votes_rows": list(report.wrong_votes_rows),
        "splits": {
            split: {
                "num_pictures": sum(report.class_counts[index]),
                "classes": dict(zip(EMOTIONS, report.class_counts[index], strict=True)),
                "num_twins": report.num_twins[index],
                "num_near_duplicates": None if num_near is None else num_near[index],
            }
            for index, split in enumerate(SPLITS)
        },
    }


def _class_table(report: CleaningReport) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("labelled")
    for name in (*SPLITS, "all", "share"):
        table.add_column(name, justify="right")
    for emotion, counts in zip(EMOTIONS, zip(*report.class_counts, strict=True), strict=True):
        total = sum(counts)
        table.add_row(emotion, *(f"{n:,}" for n in (*counts, total)), f"{total / report.num_pictures:.1%}")
    of_splits = [sum(counts) for counts in report.class_counts]
    table.add_row("all", *(f"{n:,}" for n in (*of_splits, report.num_pictures)), "", style="bold")
    return table


def _finding_table(report: CleaningReport, num_near: tuple[int, ...] | None) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("found", no_wrap=True)
    table.add_column("number", justify="right")
    table.add_column("what it means", overflow="fold")
    for row in (*_copies(report), *_leaks(report, num_near), *_unusable(report)):
        table.add_row(*row)
    return table


def _copies(report: CleaningReport) -> list[tuple[str, str, str]]:
    return [
        ("different pictures", f"{report.num_unique:,}", f"{report.num_surplus:,} rows repeat an earlier picture"),
        (
            "groups of copies",
            f"{report.num_duplicate_groups:,}",
            f"{report.num_in_duplicate_groups:,} rows, equal pixel by pixel",
        ),
        ("with conflicting labels", f"{report.num_conflicting_groups:,}", "the same picture under more than one label"),
    ]


def _leaks(report: CleaningReport, num_near: tuple[int, ...] | None) -> list[tuple[str, str, str]]:
    _, public, private = report.num_twins
    rows = [
        ("twins of PublicTest", f"{public:,}", "also in Training; left out wherever a network is chosen or calibrated"),
        ("twins of PrivateTest", f"{private:,}", "also in Training; figures are given with and without them"),
    ]
    if num_near is None:
        return rows
    return [
        *rows,
        (
            "near copies of PublicTest",
            f"{num_near[1]:,}",
            "like a Training picture or its mirror image (> .95), twins too",
        ),
        ("near copies of PrivateTest", f"{num_near[2]:,}", "the same"),
    ]


def _unusable(report: CleaningReport) -> list[tuple[str, str, str]]:
    who = "all" if report.num_without_votes == report.num_pictures else "these"
    return [
        ("blank pictures", f"{len(report.blank_rows):,}", _named(report.blank_rows, "not trained on")),
        (
            "rows without votes",
            f"{report.num_without_votes:,}",
            f"{who} have no FER+ votes; their labels are used alone",
        ),
        (
            "rows with another's votes",
            f"{len(report.wrong_votes_rows):,}",
            _named(report.wrong_votes_rows, "not trained on"),
        ),
    ]


def _named(rows: tuple[int, ...], consequence: str) -> str:
    if not rows:
        return ""
    more = ", …" if len(rows) > _MAX_ROWS_NAMED else ""
    return f"{consequence}; by row: {', '.join(map(str, rows[:_MAX_ROWS_NAMED]))}{more}"
