"""`moodline analyze`: from video files to stored rows and a timeline, on this machine alone, without a server."""

import json
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from cli.options import (
    DbOption,
    DetectorOption,
    MinFaceOption,
    MinScoreOption,
    TimelineFormat,
    parse_rate,
    store_url,
    writable_folder,
)
from cli.people.subject_options import ConditionOption, SessionOption, StartedAtOption, SubjectOption, appearance_of
from core.errors import EnvironmentFault, InputError, MoodlineError
from core.media import DetectorKind
from core.time_widths import parse_bin


def analyze(
    # readable=False: whether a file can be read is said by the probe, in one line with the remedy
    paths: Annotated[
        list[Path], typer.Argument(metavar="PATH...", help="Video files.", show_default=False, readable=False)
    ],
    rate: Annotated[
        float | None, typer.Option(metavar="HZ", parser=parse_rate, help="Frames a second to look at; default: all.")
    ] = None,
    db: DbOption = None,
    out: Annotated[Path | None, typer.Option(metavar="DIR", help="Write the timelines here, a file each.")] = None,
    formats: Annotated[
        list[TimelineFormat] | None, typer.Option("--format", help="How the timeline is given out; may be repeated.")
    ] = None,
    bin_text: Annotated[
        str | None,
        typer.Option("--bin", help="Width of the timeline's bins: 0.1s, 2m, whole; default: at most 24 bins"),
    ] = None,
    model: Annotated[str | None, typer.Option(help="A shipped model's name or a checkpoint card's path.")] = None,
    min_face: MinFaceOption = 40,
    min_score: MinScoreOption = 0.8,
    detector: DetectorOption = DetectorKind.FAST,
    started_at: StartedAtOption = None,
    subject: SubjectOption = None,
    session: SessionOption = None,
    condition: ConditionOption = None,
    landmarks: Annotated[bool, typer.Option("--landmarks", help="Store the five points of each face.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Analyse again: a new generation beside the old.")] = False,
    allow_truncated: Annotated[
        bool, typer.Option("--allow-truncated", help="Analyse what is there of a file that was cut off.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object a file.")] = False,
) -> None:
    """Analyse video files: every frame's faces and what they appear to show, stored and shown as a timeline.

    Analysing the same file again adds nothing; a run that was stopped goes on where it was.
    """
    from cli.videos.analysis_session import AnalysisSession, analysis_parameters
    from producer.submit import Handing

    parameters = analysis_parameters(
        sample_rate_hz=rate,
        min_face_px=min_face,
        min_score=min_score,
        keep_landmarks=landmarks,
        detector=detector,
    )
    wanted = formats or ([] if as_json else [TimelineFormat.TABLE])
    if bin_text is not None:
        parse_bin(bin_text)  # before hours are spent on the files
    if out is not None:
        writable_folder(out)
    if isinstance(started_at, datetime) and len(paths) > 1:
        raise InputError(f"--started-at: is one file's, and {len(paths)} were given: analyse them apart")
    handing = Handing(started_at=started_at, appearance=appearance_of(subject, session, condition))
    num_unusable = num_with_errors = 0
    with AnalysisSession(
        db_url=store_url(db), model=model, parameters=parameters, force=force, allow_truncated=allow_truncated
    ) as analysing:
        for path in paths:
            try:
                job = analysing.analyse(path, handing=handing)
            except EnvironmentFault:
                raise
            except MoodlineError as error:
                if len(paths) == 1:
                    raise
                typer.echo(f"moodline: {error}", err=True)
                num_unusable += 1
                continue
            num_with_errors += job.state != "done"
            if as_json:
                typer.echo(json.dumps(analysing.summary(path, job)))
            analysing.show(path, job, wanted, bin_text=bin_text, out=out)
    raise typer.Exit(_exit_code(num_paths=len(paths), num_unusable=num_unusable, num_with_errors=num_with_errors))


def _exit_code(*, num_paths: int, num_unusable: int, num_with_errors: int) -> int:
    if num_unusable == num_paths:
        return 2
    return 1 if num_unusable or num_with_errors else 0
