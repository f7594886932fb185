"""`moodline serve`: the HTTP API, and beside it a runner where there is no pool."""

import ipaddress
from contextlib import ExitStack
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.options import DbOption
from core.errors import EnvironmentFault, InputError

if TYPE_CHECKING:
    from api.removal import OutsideStore
    from core.settings import Settings
    from worker.pictures.pooled import PooledPictures
    from worker.pictures.reading import PictureDesk

_MB = 10**6


def serve(
    host: Annotated[str, typer.Option(metavar="ADDRESS", help="Where to listen.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535)] = 8000,
    db: DbOption = None,
    token_file: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Who may ask (`moodline token add`); needed beyond loopback.")
    ] = None,
    uploads: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Where uploads are kept; default MOODLINE_UPLOADS_DIR or uploads."),
    ] = None,
    max_upload_mb: Annotated[int, typer.Option(min=1, help="The largest file that is taken, MB.")] = 4_000,
    quota_mb: Annotated[int, typer.Option(min=1, help="What one owner's files may take together, MB.")] = 40_000,
    runner: Annotated[
        bool | None,
        typer.Option("--runner/--no-runner", help="Work jobs off here; default: unless MOODLINE_BROKER_URL is set."),
    ] = None,
) -> None:
    """Serve the HTTP API (docs/api.md) until stopped. On loopback without tokens, everybody here is the local owner."""
    if token_file is None and not _is_loopback(host):
        raise InputError(
            f"--host {host}: others could reach it, and no --token-file says who may ask; "
            "make one with `moodline token add OWNER`"
        )
    from core.settings import load_settings

    settings = load_settings()
    db_url = db or settings.db_url
    try:
        import uvicorn

        from api.app import make_app
        from api.files.uploads import UploadLimits
        from api.parts import ApiSettings, WorkedBy
    except ModuleNotFoundError as error:
        raise EnvironmentFault(f"serving needs {error.name}: pip install 'moodline[api]'") from error
    has_pool = "broker_url" in settings.model_fields_set
    has_runner = runner if runner is not None else not has_pool
    pictures = _picture_reader(settings, has_pool=has_pool)
    app = make_app(
        ApiSettings(
            db_url=db_url,
            uploads=uploads or settings.uploads_dir,
            token_file=token_file,
            model=settings.model,
            worked_by=WorkedBy.RUNNER if has_runner else WorkedBy.POOL,
            outside=_outside(settings, uploads or settings.uploads_dir),
            upload_limits=UploadLimits(max_bytes=max_upload_mb * _MB, quota_bytes=quota_mb * _MB),
        ),
        pictures_by=pictures,
    )
    with ExitStack() as running:
        if has_runner:
            from cli.pool.pool_session import hand_down
            from cli.server.queue_runner import running_queue_runner

            hand_down("db_url", db_url)
            running.enter_context(running_queue_runner())
        if pictures is not None:
            running.callback(pictures.stop)
        where = f"http://{host}:{port}"
        typer.echo(f"serving: {where} (pages), {where}/v1 (API: /v1/openapi.json); Ctrl-C stops it", err=True)
        uvicorn.run(
            app,
            host=host,
            port=port,
            log_level="warning",
            server_header=False,
            timeout_keep_alive=10,
            timeout_graceful_shutdown=5,
            limit_concurrency=512,
        )


def _outside(settings: "Settings", uploads_dir: Path) -> "OutsideStore":
    """Where an erased person may lie; where no broker is named, none is asked."""
    from api.removal import OutsideStore
    from cli.people.removal import outside_store

    if settings.model_fields_set & {"broker_url", "fragments_url"}:
        return replace(outside_store(), uploads_dir=uploads_dir)
    return OutsideStore(uploads_dir=uploads_dir, fetch_dir=settings.fetch_dir)


def _picture_reader(settings: "Settings", *, has_pool: bool) -> "PictureDesk | PooledPictures | None":
    """Return who reads pictures: the pool, or a process beside this one; None where neither is there."""
    from fer_model.checkpoints.card import find_card, read_card

    card_path = find_card(settings.model)
    if has_pool:
        from worker.pictures.pooled import PooledPictures

        return PooledPictures(settings.broker_url, model_version=read_card(card_path).version)
    if find_spec("onnxruntime") is None or find_spec("cv2") is None:
        return None
    from video.limits import MediaLimits
    from worker.pictures.reading import PictureDesk

    return PictureDesk(card_path, device=settings.device, limits=MediaLimits())


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
