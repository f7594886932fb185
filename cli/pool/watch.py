"""`moodline watch`: a camera's pictures into the pool, for as long as it runs."""

import json
import sys
from types import TracebackType
from typing import TYPE_CHECKING, Annotated, Any, Self

import typer

from cli.options import DbOption, DetectorOption, MinFaceOption, MinScoreOption, parse_rate, store_url
from cli.people.subject_options import ConditionOption, SessionOption, SubjectOption, appearance_of
from core.errors import InputError
from core.media import DetectorKind
from core.wording import counted

if TYPE_CHECKING:
    from redis import Redis
    from rich.live import Live

    from producer.cameras.events import CameraEvent, WatchStatus
    from producer.cameras.recorder import CameraRecorder
    from video.live.address import LiveAddress


def watch(
    address: Annotated[str, typer.Argument(metavar="ADDRESS", help="rtsp://…, tcp://…, /dev/videoN, or a file.")],
    camera: Annotated[str, typer.Option(metavar="NAME", help="What the camera is called in rows: front-door.")],
    as_live: Annotated[
        bool, typer.Option("--as-live", help="Play a file at its own speed, as if it were live.")
    ] = False,
    rate: Annotated[
        float | None, typer.Option(metavar="HZ", parser=parse_rate, help="Frames a second to look at; default: all.")
    ] = None,
    model: Annotated[str | None, typer.Option(help="A shipped model's name or a checkpoint card's path.")] = None,
    min_face: MinFaceOption = 40,
    min_score: MinScoreOption = 0.8,
    fragment: Annotated[
        float, typer.Option(metavar="SECONDS", min=0.5, max=60, help="Length of a fragment; cut at key frames only.")
    ] = 2.0,
    detector: DetectorOption = DetectorKind.FAST,
    max_lag: Annotated[
        float, typer.Option(metavar="SECONDS", min=1, max=3600, help="Of video that may wait; then the oldest goes.")
    ] = 30.0,
    subject: SubjectOption = None,
    session: SessionOption = None,
    condition: ConditionOption = None,
    db: DbOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object an event.")] = False,
) -> None:
    """Hand a camera's pictures to the pool while they come, and go on through its outages, until Ctrl-C or SIGTERM.

    Packets go into Redis as they are and expire; this command writes no picture to disk. Each outage is kept as a gap.
    """
    from cli.videos.analysis_session import analysis_of, analysis_parameters
    from core.settings import load_settings
    from db.store import open_store
    from producer.cameras.camera import Watch, check_camera_name, without_address
    from producer.cameras.recorder import CameraOrder, CameraRecorder
    from video.fragments.redis_fragments import RedisFragmentStore
    from video.limits import MediaLimits
    from video.live.live import read_live
    from video.live.opening import LiveTiming
    from worker.pool.stop_signals import events_of_signals

    check_camera_name(camera)
    source = _parse_address(address, as_live=as_live)
    limits = MediaLimits()
    parameters = analysis_parameters(sample_rate_hz=rate, min_face_px=min_face, min_score=min_score, detector=detector)
    analysis = analysis_of(model, parameters, force=False, allow_truncated=False)
    settings = load_settings()
    client = _redis_for_cameras(settings.fragments_url or settings.broker_url)
    fragments = RedisFragmentStore(client, max_fragment_bytes=limits.max_fragment_bytes)
    fragments.delete("none")  # is Redis there? Later it may come and go; now a wrong address is likelier
    _warn_if_written_to_disk(client)
    store = open_store(store_url(db))
    order = CameraOrder(
        camera=camera,
        model_version=analysis.model_version,
        parameters=parameters,
        max_lag_seconds=max_lag,
        appearance=appearance_of(subject, session, condition),
    )
    try:
        with (
            events_of_signals(num_events=1, then_as_before=True) as (stop,),
            _Report(as_json=as_json) as report,
        ):
            recorder = CameraRecorder(store, fragments, order, on_event=report.tell, stop=stop)
            watching = Watch(
                lambda: read_live(source, target_seconds=fragment, timing=LiveTiming(), limits=limits),
                recorder,
                without_address=lambda message: without_address(message, source, camera),
            )
            watching.run(stop, on_look=lambda: report.show(recorder))
    finally:
        store.close()


def _parse_address(text: str, *, as_live: bool) -> "LiveAddress":
    from video.live.address import LiveKind, parse_live_address

    source = parse_live_address(text)
    if source.kind is LiveKind.FILE and not as_live:  # not repeated: it may be a camera's address, mistyped
        raise InputError(
            "watch reads a camera (rtsp://…, tcp://…, /dev/videoN); --as-live plays a file as if it were one, "
            "`moodline submit` analyses one as it is"
        )
    if source.kind is not LiveKind.FILE and as_live:
        raise InputError(f"--as-live is for files; {source.kind} is live already")
    return source


def _redis_for_cameras(broker_url: str) -> "Redis":
    from redis import Redis
    from redis.backoff import ExponentialBackoff
    from redis.retry import Retry

    # A worker can wait for Redis, a camera cannot: after about two seconds the next fragment is there.
    patience = Retry(ExponentialBackoff(cap=0.5, base=0.1), 3)
    return Redis.from_url(broker_url, socket_timeout=2, socket_connect_timeout=2, retry=patience)


def _warn_if_written_to_disk(client: "Redis") -> None:
    """Say where this Redis would keep on disk what a camera saw: what is deleted from it stays in those files."""
    from redis.exceptions import RedisError

    try:
        kept = {name: client.config_get(name).get(name) for name in ("appendonly", "save")}
    except RedisError:  # not everybody may ask
        return
    if kept["appendonly"] == "yes" or kept["save"]:
        typer.echo(
            "moodline: warning: this Redis writes what it holds to disk, pictures of cameras too; "
            "turn that off (appendonly no, save ''): no row depends on it",
            err=True,
        )


class _Report:
    """Tells events, one line each, and shows how the watch stands where a terminal is."""

    def __init__(self, *, as_json: bool) -> None:
        self._as_json = as_json
        self._line: Live | None = None

    def __enter__(self) -> Self:
        if sys.stderr.isatty():
            from rich.console import Console
            from rich.live import Live

            self._line = Live(console=Console(stderr=True), refresh_per_second=2, transient=True)
            self._line.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._line is not None:
            self._line.stop()

    def tell(self, event: "CameraEvent") -> None:
        if self._as_json:
            typer.echo(json.dumps(_document(event)))
            sys.stdout.flush()
            return
        at = event.at.astimezone().isoformat(timespec="seconds")
        frames = f", {counted(event.num_frames, 'frame')}" if event.num_frames else ""
        text = f"{at} {event.camera}: {event.kind.replace('_', ' ')}: {event.detail}{frames}"
        if self._line is not None:
            self._line.console.print(text, highlight=False, markup=False, soft_wrap=True)
        else:
            typer.echo(text, err=True)

    def show(self, recorder: "CameraRecorder") -> None:
        if self._line is not None:
            self._line.update(_status_line(recorder.status()))


def _status_line(status: "WatchStatus") -> str:
    return (
        f"{status.camera}: {'live' if status.is_connected else 'away'}, {status.num_fragments} fragments, frames: "
        f"{status.num_captured_frames} captured, {status.num_waiting_frames} waiting, "
        f"{status.num_dropped_frames} dropped; lag {status.lag_seconds:.1f} s"
    )


def _document(event: "CameraEvent") -> dict[str, Any]:
    return {
        "event": event.kind.value,
        "camera": event.camera,
        "at": event.at.isoformat(),
        "detail": event.detail,
        "num_frames": event.num_frames,
    }
