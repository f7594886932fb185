"""`moodline study errors`: how often readings agree with hand labels, group by group."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.options import DbOption, store_url
from cli.people.subject_options import actor
from core.documents import NOTICE
from core.errors import InputError

if TYPE_CHECKING:
    from core.people.group_errors import ErrorReport, LabelledReading, Share
    from core.people.labels import LabelledSpan
    from db.people.study_media import StudyMedia
    from db.store import Store


def errors(
    study_id: Annotated[str, typer.Argument(metavar="STUDY", help="The study's id.", show_default=False)],
    labels: Annotated[
        Path,
        typer.Option(metavar="FILE.csv", help="media,start_seconds,end_seconds,emotion by hand.", show_default=False),
    ],
    seed: Annotated[int, typer.Option(min=0, help="Of the resampling: the same one, the same intervals.")] = 0,
    db: DbOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Hold what was read against hand labels, group by group, with 95 % intervals that resample people.

    Groups are what the study said, never inferred; those of fewer than 20 people are suppressed. Looking is logged.
    """
    from core.people.group_errors import error_report
    from core.people.labels import read_labels
    from db.people import audit
    from db.store import open_existing_store

    spans = read_labels(labels)
    store = open_existing_store(store_url(db))
    found, num_without_group = _readings(store, study_id, spans, str(labels))
    report = error_report(found, seed=seed)
    with store.writing() as connection:
        audit.record(connection, audit.AuditAction.ERRORS_REPORTED, actor=actor(), about=study_id)
    store.close()
    if as_json:
        typer.echo(json.dumps(_document(study_id, report, num_without_group)))
    else:
        _print(study_id, report, num_without_group)


def _readings(
    store: "Store", study_id: str, spans: "list[LabelledSpan]", name: str
) -> "tuple[list[LabelledReading], int]":
    """Return a reading a label, and how many labels are of people in no group."""
    from core.people.group_errors import LabelledReading
    from db.people.studies import get_study
    from db.people.study_media import media_of_study, top_of_spans

    found, num_without_group = [], 0
    with store.reading() as connection:
        get_study(connection, study_id)
        media = media_of_study(connection, study_id)
        of_media: dict[str, tuple[StudyMedia, list[LabelledSpan]]] = {}
        for span in spans:
            one = _media_of(span, media, study_id, name)
            of_media.setdefault(one.media_id, (one, []))[1].append(span)
        versions = sorted({one.model_version for one, _ in of_media.values()})
        if len(versions) > 1:
            raise InputError(
                f"study {study_id}: the labelled media were read by several models ({', '.join(versions)}): "
                "`moodline reprocess` makes them of one"
            )
        for one, mine in of_media.values():
            if one.group is None:
                num_without_group += len(mine)
                continue
            tops = top_of_spans(connection, one.job_id, [(span.start_us, span.end_us) for span in mine])
            found += [
                LabelledReading(person=one.subject_key, group=one.group, label=span.emotion, reading=top)
                for span, top in zip(mine, tops, strict=True)
            ]
    return found, num_without_group


def _media_of(span: "LabelledSpan", media: "list[StudyMedia]", study_id: str, name: str) -> "StudyMedia":
    from db.people.study_media import media_named

    named = media_named(media, span.media)
    if len(named) == 1:
        return named[0]
    if named:
        ids = ", ".join(each.media_id for each in named[:5])
        raise InputError(f"{name}, row {span.row}: media {span.media!r} may be any of {ids}; write the id")
    raise InputError(
        f"{name}, row {span.row}: media {span.media!r} is none with rows of one subject of study {study_id} and "
        "no decisions about tracks; `moodline subject show` lists a subject's"
    )


def _print(study_id: str, report: "ErrorReport", num_without_group: int) -> None:
    from rich.table import Table
    from rich.text import Text

    from cli.terminal import console_for
    from core.people.groups import LEAST_PEOPLE

    table = Table("group", box=None, pad_edge=False, header_style="bold")
    for name in ("people", "labels", "not read", "accuracy", "95 % interval"):
        table.add_column(name, justify="right")
    for each in report.groups:
        if each.accuracy is None:
            table.add_row(each.group, Text(f"suppressed: fewer than {LEAST_PEOPLE} people", style="dim"))
            continue
        counts = (each.num_people, each.num_labels, each.num_unread)
        accuracy = each.accuracy
        table.add_row(
            each.group, *map(str, counts), f"{accuracy.value:.1%}", f"{accuracy.low:.1%} to {accuracy.high:.1%}"
        )
    console = console_for(sys.stdout)
    console.print(Text(f"{study_id}: readings beside hand labels", style="bold"))
    console.print(table if report.groups else "no label is of a person in a group")
    for gap in report.gaps:
        of = gap.difference
        style = "bold" if of.low > 0 or of.high < 0 else ""
        points = f"{100 * of.value:+.1f} points (95 %: {100 * of.low:+.1f} to {100 * of.high:+.1f})"
        console.print(Text(f"{gap.second} less {gap.first}: {points}", style=style))
    if num_without_group:
        console.print(Text(f"left out: {num_without_group} labels of people in no group", style="yellow"))
    told = "Right: what the readings of a span show most, by their mean, is its label. Intervals resample people."
    console.print(Text(told, style="dim"))
    console.print(Text(NOTICE, style="dim italic"))


def _document(study_id: str, report: "ErrorReport", num_without_group: int) -> dict[str, Any]:
    from core.people.groups import LEAST_PEOPLE

    return {
        "study_id": study_id,
        "least_people": LEAST_PEOPLE,
        "unit_of_sampling": "person",
        "interval": "cluster bootstrap over people, percentiles",
        "num_labels_without_group": num_without_group,
        "notice": NOTICE,
        "groups": [
            {
                "group": each.group,
                "status": "suppressed" if each.accuracy is None else "ok",
                "num_people": each.num_people,
                "num_labels": each.num_labels,
                "num_unread": each.num_unread,
                "accuracy": None if each.accuracy is None else _share_document(each.accuracy),
            }
            for each in report.groups
        ],
        "gaps": [
            {"first": gap.first, "second": gap.second, "difference": _share_document(gap.difference)}
            for gap in report.gaps
        ],
    }


def _share_document(share: "Share") -> dict[str, float]:
    return {"value": round(share.value, 6), "low": round(share.low, 6), "high": round(share.high, 6)}
