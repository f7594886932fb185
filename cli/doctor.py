"""`moodline doctor`: is everything here that an analysis needs? One line a check, with the remedy where one fails."""

import os
import platform
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Annotated, Final

import typer

from core.errors import BrokerUnavailable, MoodlineError

_PACKAGES: Final = ("av", "numpy", "opencv-python-headless", "sqlalchemy", "torch", "onnxruntime", "facenet-pytorch")
_LEAST_FREE_BYTES: Final = 1_000_000_000


@dataclass(frozen=True, kw_only=True)
class Check:
    """What was looked at, and what was found."""

    name: str
    is_ok: bool
    found: str


def doctor(
    db: Annotated[str | None, typer.Option(metavar="URL", help="The store to look at.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Check this machine: packages, weights, codecs, store, disk, GPU, broker."""
    from core.settings import load_settings

    settings = load_settings()
    checks = [
        Check(name="python", is_ok=True, found=f"{platform.python_version()} on {platform.platform()}"),
        Check(name="processor", is_ok=True, found=f"{os.cpu_count()} cores"),
        *(_look(package, partial(_version, package)) for package in _PACKAGES),
        _look("codecs", _codecs),
        _look("detector weights", _detector),
        _look(f"model {settings.model}", lambda: _model(settings.model)),
        _look("store", lambda: _store(db or settings.db_url)),
        _disk(),
        _look("gpu", _gpu),
        _look("broker", lambda: _broker(settings.broker_url, is_named="broker_url" in settings.model_fields_set)),
    ]
    _print_as_json(checks) if as_json else _print_as_lines(checks)
    raise typer.Exit(0 if all(check.is_ok for check in checks) else 3)


def _look(name: str, look: Callable[[], str]) -> Check:
    try:
        return Check(name=name, is_ok=True, found=look())
    except MoodlineError as error:
        return Check(name=name, is_ok=False, found=str(error))
    except ImportError as error:  # a package that is not there too
        return Check(name=name, is_ok=False, found=f"{error} is not installed; run `make setup`")


def _version(package: str) -> str:
    from importlib.metadata import version

    return version(package)


def _codecs() -> str:
    from video.codecs import decodable_codecs

    return ", ".join(decodable_codecs())


def _detector() -> str:
    from fer_model.cascade.graph_cascade import load_networks

    load_networks()
    return "facenet-pytorch's P-, R- and O-Net, as pinned"


def _model(model: str) -> str:
    from fer_model.checkpoints.card import find_card
    from fer_model.checkpoints.checkpoint import load_checkpoint
    from fer_model.runtime import load_classifier

    _, card = load_checkpoint(find_card(model))
    load_classifier(find_card(model))
    return card.version


def _store(url: str) -> str:
    from db.store import open_existing_store

    path = url.removeprefix("sqlite:///")
    if url.startswith("sqlite:///") and not Path(path).exists():
        return f"{url}: none yet; the first analysis makes it"
    open_existing_store(url).close()
    return f"{url}: opens, tables fit this version"


def _disk() -> Check:
    free_bytes = shutil.disk_usage(Path.cwd()).free
    return Check(name="disk", is_ok=free_bytes > _LEAST_FREE_BYTES, found=f"{free_bytes / 1e9:.1f} GB free here")


def _gpu() -> str:
    from fer_model.torch_runtime import describe_gpu

    return describe_gpu()


def _broker(url: str, *, is_named: bool) -> str:
    """Look at the pool's broker; only where one was named must it be there."""
    from worker.pool.doorbell import describe_broker

    try:
        return describe_broker(url)
    except BrokerUnavailable:
        if is_named:
            raise
        return "none at the default address; only a pool needs one, and `moodline up` brings its own"


def _print_as_lines(checks: list[Check]) -> None:
    for check in checks:
        typer.echo(f"{'ok  ' if check.is_ok else 'FAIL'} {check.name:<24} {check.found}")


def _print_as_json(checks: list[Check]) -> None:
    import json

    document = {check.name: {"ok": check.is_ok, "found": check.found} for check in checks}
    typer.echo(json.dumps({"ok": all(check.is_ok for check in checks), "checks": document}))
