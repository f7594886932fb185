"""`moodline reprocess`: stored media are analysed again with another model, beside what is read now."""

import json
import sys
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Final

import typer

from cli.options import DbOption, parse_moment, parse_pixels, parse_rate, parse_score, store_url
from core.errors import InputError
from core.media import DetectorKind
from core.wording import counted

if TYPE_CHECKING:
    from producer.reprocess import ParameterChanges, ReprocessRequest, ReprocessTotals, Selection

#: Why a media was left out, and what may be done about it; by producer.reprocess.Skipped.
_SKIPPED: Final = {
    "camera": "of a camera, whose pictures were not kept",
    "not_analysed": "without a finished analysis; `moodline submit` them",
    "done": "done before",
    "under_way": "under way already",
    "failed": "failed before; `moodline resume JOB` tries again",
    "not_allowed": "of somebody who does not allow it now; `moodline subject list` tells who",
    "cancelled": "cancelled before; only `moodline submit --force` makes another run",
}


def reprocess(
    model: Annotated[str, typer.Option(help="A shipped model's name or a checkpoint card's path.", show_default=False)],
    everything: Annotated[bool, typer.Option("--all", help="Every media in the store.")] = False,
    since: Annotated[
        datetime | None,
        typer.Option(metavar="TIME", parser=parse_moment, help="Only what was filmed, or else submitted, since then."),
    ] = None,
    subject: Annotated[
        str | None, typer.Option(metavar="ID", help="Only media in which this subject is said to be.")
    ] = None,
    filters: Annotated[
        list[str] | None,
        typer.Option("--filter", metavar="NAME=VALUE", help="Only path=GLOB; only model=NAME|VERSION as read now."),
    ] = None,
    priority: Annotated[int, typer.Option(metavar="0-9", min=0, max=9, help="9 goes first; submits have 5.")] = 1,
    rate: Annotated[
        float | None, typer.Option(metavar="HZ", parser=parse_rate, help="Frames a second; default: as before.")
    ] = None,
    min_face: Annotated[
        int | None, typer.Option(metavar="PX", parser=parse_pixels, help="Smallest face height; default: as before.")
    ] = None,
    min_score: Annotated[
        float | None,
        typer.Option(metavar="SHARE", parser=parse_score, help="Least detector score; default: as before."),
    ] = None,
    detector: Annotated[
        DetectorKind | None, typer.Option(help="How faces are found; default: as before.", show_default=False)
    ] = None,
    landmarks: Annotated[
        bool | None, typer.Option("--landmarks/--no-landmarks", help="Store five points a face; default: as before.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be done.")] = False,
    db: DbOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Analyse stored media again with another model: a new generation beside the old, at low priority.

    Readers see the old one until `moodline activate`. Stopped half-way, the same command goes on with the rest.
    """
    from api.documents.generations import reprocess_document
    from cli.videos.analysis_session import analysis_of
    from core.media import AnalysisParameters
    from db.store import open_existing_store
    from producer.reprocess import ParameterChanges, ReprocessRequest, plan_reprocess
    from producer.reprocess import reprocess as make_jobs

    selection = _selection(filters or [], since, subject, everything=everything)
    changes = ParameterChanges(
        sample_rate_hz=rate, min_face_px=min_face, min_score=min_score, keep_landmarks=landmarks, detector=detector
    )
    _check(changes)
    version = analysis_of(model, AnalysisParameters(), force=False, allow_truncated=False).model_version
    request = ReprocessRequest(model_version=version, selection=selection, changes=changes, priority=priority)
    store = open_existing_store(store_url(db))
    try:
        totals = plan_reprocess(store, request) if dry_run else make_jobs(store, request, on_batch=_say_progress)
    except KeyboardInterrupt:
        typer.echo("stopped; what was submitted is kept, the same command goes on with the rest", err=True)
        raise
    finally:
        store.close()
    if as_json:
        typer.echo(json.dumps(reprocess_document(totals, request, dry_run=dry_run)))
    else:
        typer.echo(_report(totals, request, dry_run=dry_run))


def _selection(filters: list[str], since: datetime | None, subject: str | None, *, everything: bool) -> "Selection":
    from producer.reprocess import Selection

    values: dict[str, str] = {}
    for text in filters:
        name, _, value = text.partition("=")
        if name not in ("path", "model") or not value:
            raise InputError(f"--filter {text}: write it like path=*/march/*.mp4 or model=small")
        if name in values:
            raise InputError(f"--filter {text}: {name} is filtered already, by {values[name]!r}; give it once")
        values[name] = value
    if everything and (values or since or subject):
        raise InputError("--all means every media: leave it out, or leave --since, --subject and --filter out")
    if not (everything or values or since or subject):
        raise InputError("which media? --all, --subject ID, --since TIME, --filter path=GLOB or --filter model=NAME")
    return Selection(subject_id=subject, since=since, path_pattern=values.get("path"), active_model=values.get("model"))


def _check(changes: "ParameterChanges") -> None:
    """Refuse a value that no analysis can have, before anything is read."""
    from core.media import AnalysisParameters

    try:
        changes.applied_to(AnalysisParameters())
    except ValueError as error:
        raise InputError(f"--rate, --min-face or --min-score: {error}") from error


def _say_progress(totals: "ReprocessTotals") -> None:
    if sys.stderr.isatty():
        typer.echo(
            f"\r{counted(totals.num_media, 'job')} made, {totals.num_skipped.total()} media skipped", nl=False, err=True
        )


def _report(totals: "ReprocessTotals", request: "ReprocessRequest", *, dry_run: bool) -> str:
    version = request.model_version.id
    if not totals.num_media and not totals.num_skipped:
        return "no media in the store is meant: nothing to do"
    minutes = totals.duration_us / 60e6
    length = f"{minutes:.1f} minutes" if minutes < 100 else f"{minutes / 60:.1f} hours"
    amount = f"{totals.num_media} media, {counted(totals.num_chunks, 'chunk')}, {length} of video"
    did = "would be analysed again" if dry_run else "will be analysed again"
    lines = [f"{amount} {did} with {version}, at priority {request.priority}"]
    lines += [f"  skipped: {count} {_SKIPPED[reason]}" for reason, count in sorted(totals.num_skipped.items())]
    if totals.num_media and not dry_run:
        lines += [
            "running workers take them; `moodline generations` shows how far they are",
            f"readers keep what they read until `moodline activate --all --model {version}`",
        ]
    return "\n".join(lines)
