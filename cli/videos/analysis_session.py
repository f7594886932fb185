"""The composition root of an embedded run: store, model and analysing process, put together once for many files."""

from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

import typer

from cli.options import TimelineFormat
from cli.progress import FrameProgress
from cli.videos.give_out import give_out
from core.errors import InputError
from core.media import AnalysisParameters, DetectorKind, MediaInfo
from core.settings import load_settings
from core.time_widths import choose_bin_us, parse_bin
from db import jobs
from db.archive.media import find_media
from db.records import JobRecord
from db.store import open_store
from db.timelines import timelines
from fer_model.checkpoints.card import find_card, read_card
from producer.submit import Analysis, Handing, submit_file, version_of
from video.limits import MediaLimits
from worker.analysis.messages import AnalyserSpec
from worker.analysis.process import AnalysisProcess
from worker.embedded import EmbeddedRun

_OPTION_OF_FIELD: Final = {"sample_rate_hz": "--rate", "min_face_px": "--min-face", "min_score": "--min-score"}


def analysis_parameters(
    *,
    sample_rate_hz: float | None = None,
    min_face_px: int = 40,
    min_score: float = 0.8,
    keep_landmarks: bool = False,
    detector: DetectorKind = DetectorKind.FAST,
) -> AnalysisParameters:
    """Build the parameters of a call. Raises InputError that names the option with the wrong value."""
    try:
        return AnalysisParameters(
            sample_rate_hz=sample_rate_hz,
            min_face_px=min_face_px,
            min_score=min_score,
            keep_landmarks=keep_landmarks,
            detector=detector,
        )
    except ValueError as error:
        message = str(error)
        for field, option in _OPTION_OF_FIELD.items():
            message = message.replace(field, option)
        raise InputError(message) from error


def analysis_of(model: str | None, parameters: AnalysisParameters, *, force: bool, allow_truncated: bool) -> Analysis:
    """Build what is asked of every file of a call, with the model that was named or the settings' own."""
    return Analysis(
        model_version=version_of(read_card(find_card(model or load_settings().model))),
        parameters=parameters,
        force=force,
        allow_truncated=allow_truncated,
    )


class AnalysisSession:
    """Analyses files one after the other with one set of parameters."""

    def __init__(
        self,
        *,
        db_url: str,
        model: str | None,
        parameters: AnalysisParameters,
        force: bool = False,
        allow_truncated: bool = False,
    ) -> None:
        settings = load_settings()
        self._limits = MediaLimits()
        self._analysis = analysis_of(model, parameters, force=force, allow_truncated=allow_truncated)
        card_path = find_card(model or settings.model)
        self.store = open_store(db_url)
        self._process = AnalysisProcess(AnalyserSpec(card_path=card_path, device=settings.device), self._limits)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._process.stop()
        self.store.close()

    def analyse(self, path: Path, *, handing: Handing | None = None) -> JobRecord:
        """Submit a file and work its job off. Says on standard error how it goes."""
        submitted = submit_file(self.store, path, self._analysis, self._limits, handing=handing or Handing())
        job = submitted.submission.job
        if job.finished_at is not None:
            typer.echo(f"{path}: analysed before as job {job.id}; nothing to do (--force analyses again)", err=True)
            return job
        with FrameProgress(path.name, num_frames=self._expected_frames(submitted.info)) as progress:
            run = EmbeddedRun(
                store=self.store,
                process=self._process,
                job_id=job.id,
                path=path,
                info=submitted.info,
                parameters=self._analysis.parameters,
                on_progress=progress.update,
            )
            try:
                job = run.work_off()
            except KeyboardInterrupt:
                progress.close()
                again = "the same command without --force" if self._analysis.force else "the same command"
                typer.echo(f"{path}: stopped; job {job.id} is kept, {again} goes on from there", err=True)
                raise
        self._say_problems(path, job)
        return job

    def summary(self, path: Path, job: JobRecord) -> dict[str, Any]:
        """Return what `analyze --json` prints of a file."""
        return {
            "path": str(path),
            "media_id": job.media_id,
            "job_id": job.id,
            "state": job.state.value,
            "model_version": job.model_version_id,
            "num_frames": job.num_frames,
            "num_face_frames": job.num_face_frames,
            "num_faces": job.num_faces,
            "error_code": job.error_code,
            "error_message": job.error_message,
        }

    def show(
        self, path: Path, job: JobRecord, formats: list[TimelineFormat], *, bin_text: str | None, out: Path | None
    ) -> None:
        """Give the job's timeline out in each format, as files in `out` or on standard output.

        Without a bin's width the media is shown in bins that fit a screen.
        """
        with self.store.reading() as connection:
            media = find_media(connection, job.media_id)
            bin_us = parse_bin(bin_text) if bin_text else choose_bin_us(media.end_us - media.start_us)
            timeline = timelines.timeline(connection, job.id, bin_us=bin_us)
        for form in formats:
            give_out(timeline, form, title=path.name, out=None if out is None else out / f"{path.stem}.timeline.{form}")

    def _say_problems(self, path: Path, job: JobRecord) -> None:
        with self.store.reading() as connection:
            problems = jobs.chunk_problems(connection, job.id)
        for problem in problems:
            span = f"{problem.span.start_us / 1e6:.3f}-{problem.span.end_us / 1e6:.3f} s"
            typer.echo(f"moodline: {path}, {span}: {problem.fault.code}: {problem.fault.message}", err=True)

    def _expected_frames(self, info: MediaInfo) -> int:
        rate = self._analysis.parameters.sample_rate_hz
        if rate is None:
            return info.num_packets
        return min(info.num_packets, int(info.duration_seconds * rate) + 1)
