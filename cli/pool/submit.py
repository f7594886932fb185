"""`moodline submit`: video files become jobs for the pool. Needs the store, not the broker."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.options import DbOption, DetectorOption, MinFaceOption, MinScoreOption, parse_rate, store_url
from cli.people.subject_options import ConditionOption, SessionOption, StartedAtOption, SubjectOption, appearance_of
from core.errors import EnvironmentFault, InputError, MoodlineError
from core.media import DetectorKind

if TYPE_CHECKING:
    from producer.sources import MediaUrl
    from producer.submit import SubmittedFile
    from video.limits import MediaLimits


def submit(
    names: Annotated[
        list[str],
        typer.Argument(metavar="FILE|FOLDER|LIST|URL...", help="Videos; a .txt names a file or URL a line."),
    ],
    rate: Annotated[
        float | None, typer.Option(metavar="HZ", parser=parse_rate, help="Frames a second to look at; default: all.")
    ] = None,
    priority: Annotated[int, typer.Option(metavar="0-9", min=0, max=9, help="9 goes first.")] = 5,
    started_at: StartedAtOption = None,
    subject: SubjectOption = None,
    session: SessionOption = None,
    condition: ConditionOption = None,
    token: Annotated[
        str | None, typer.Option(metavar="TEXT", help="Your word for this request; again, it gets the same job.")
    ] = None,
    model: Annotated[str | None, typer.Option(help="A shipped model's name or a checkpoint card's path.")] = None,
    min_face: MinFaceOption = 40,
    min_score: MinScoreOption = 0.8,
    detector: DetectorOption = DetectorKind.FAST,
    landmarks: Annotated[bool, typer.Option("--landmarks", help="Store the five points of each face.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Analyse again: a new generation beside the old.")] = False,
    allow_truncated: Annotated[
        bool, typer.Option("--allow-truncated", help="Analyse what is there of a file that was cut off.")
    ] = False,
    fragments: Annotated[
        bool,
        typer.Option("--fragments", help="Send the packets through Redis, for workers that cannot open the files."),
    ] = False,
    db: DbOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object a file.")] = False,
) -> None:
    """Hand videos to the pool: a job each, cut into chunks that its workers take.

    Submitting the same file again is the same job. Stopped half-way, the same command goes on with the rest.
    """
    from cli.videos.analysis_session import analysis_of, analysis_parameters
    from core.settings import load_settings
    from db.states import JobQueue
    from db.store import open_store
    from producer.sources import find_sources
    from producer.submit import Handing, submit_file
    from video.fragments.redis_fragments import open_fragment_store
    from video.limits import MediaLimits

    parameters = analysis_parameters(
        sample_rate_hz=rate,
        min_face_px=min_face,
        min_score=min_score,
        keep_landmarks=landmarks,
        detector=detector,
    )
    analysis = analysis_of(model, parameters, force=force, allow_truncated=allow_truncated)
    limits, settings = MediaLimits(), load_settings()
    handing = Handing(
        queue=JobQueue.ARCHIVE,
        priority=priority,
        started_at=started_at,
        token=token,
        appearance=appearance_of(subject, session, condition),
        fragments=open_fragment_store(settings.fragments_url or settings.broker_url, limits=limits)
        if fragments
        else None,
    )
    sources = find_sources(names)
    if token is not None and len(sources) != 1:
        raise InputError(f"--token {token}: names one request, and {len(sources)} files were given: submit them apart")
    store = open_store(store_url(db))
    num_unusable = 0
    for source in sources:
        try:
            path = source if isinstance(source, Path) else _fetch(source, settings.fetch_dir, limits)
            submitted = submit_file(store, path, analysis, limits, handing=handing)
        except EnvironmentFault:
            raise
        except MoodlineError as error:
            if len(sources) == 1:
                raise
            typer.echo(f"moodline: {error}", err=True)
            num_unusable += 1
            continue
        typer.echo(json.dumps(_document(path, submitted)) if as_json else _line(path, submitted))
    store.close()
    raise typer.Exit(2 if num_unusable == len(sources) else 1 if num_unusable else 0)


def _fetch(source: "MediaUrl", folder: Path, limits: "MediaLimits") -> Path:
    from producer.fetching import fetch

    path = fetch(source, folder.absolute(), max_bytes=limits.max_file_bytes)
    typer.echo(f"{source.shown}: fetched as {path}", err=True)
    return path


def _line(path: Path, submitted: "SubmittedFile") -> str:
    job = submitted.submission.job
    chunks = f"{job.num_chunks} chunk{'' if job.num_chunks == 1 else 's'}"
    if submitted.submission.created:
        return f"{path}: job {job.id}, {chunks}, {submitted.info.duration_seconds:.1f} s of video"
    return f"{path}: submitted before as job {job.id}, {job.state}, {job.num_chunks_done} of {chunks} done"


def _document(path: Path, submitted: "SubmittedFile") -> dict[str, Any]:
    job = submitted.submission.job
    return {
        "path": str(path),
        "media_id": job.media_id,
        "job_id": job.id,
        "created": submitted.submission.created,
        "state": job.state.value,
        "num_chunks": job.num_chunks,
        "duration_seconds": submitted.info.duration_seconds,
        "model_version": job.model_version_id,
        "priority": job.priority,
    }
