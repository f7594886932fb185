"""Settings of one process, from the environment (MOODLINE_*) or a .env file. Read in entry points only, passed down."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from core.errors import EnvironmentFault, InputError

_PREFIX: Final = "MOODLINE_"

#: Values that may hold a password, and so may come from a file that only this process reads.
SECRETS: Final = ("db_url", "broker_url", "fragments_url")


class Settings(BaseSettings):
    """Each field's environment variable is its name in capitals after MOODLINE_."""

    model_config = SettingsConfigDict(env_prefix=_PREFIX, env_file=".env", extra="ignore", frozen=True)

    #: MOODLINE_DB_URL: where rows are kept. MOODLINE_DB_URL_FILE names a file that holds it, for secrets.
    db_url: str = "sqlite:///moodline.db"
    #: MOODLINE_MODEL: a shipped model's name, or the path of a checkpoint's card.
    model: str = "small"
    #: MOODLINE_DEVICE: where networks run: cpu, cuda:0.
    device: str = "cpu"
    #: MOODLINE_BROKER_URL: the Redis (or Valkey) that carries the pool's doorbells; also MOODLINE_BROKER_URL_FILE.
    broker_url: str = "redis://127.0.0.1:6379/0"
    #: MOODLINE_FRAGMENTS_URL: another Redis for packets of video, which needs no disk; None: the broker. Also ..._FILE.
    fragments_url: str | None = None
    #: MOODLINE_FETCH_DIR: where files of a URL are kept; workers must see it at the same place.
    fetch_dir: Path = Path("fetched")
    #: MOODLINE_UPLOADS_DIR: where `moodline serve` keeps what is uploaded; workers must see it at the same place.
    uploads_dir: Path = Path("uploads")
    #: MOODLINE_MODELS_DIR: a folder with cards of more models, for workers; None: the shipped ones only.
    models_dir: Path | None = None
    #: MOODLINE_LEASE_SECONDS: a worker that says nothing for this long has lost its chunk.
    lease_seconds: float = Field(default=60.0, ge=1.0)

    @field_validator("broker_url", "fragments_url")
    @classmethod
    def _is_redis(cls, url: str | None) -> str | None:
        if url is not None and not url.startswith(("redis://", "rediss://")):
            raise ValueError("write it like redis://:password@host:6379/0, or rediss:// for an encrypted one")
        return url


def load_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings. Raises InputError for a wrong value, EnvironmentFault for a secret that cannot be read."""
    try:
        return Settings(**_secrets(environment))
    except ValidationError as error:
        first = error.errors()[0]
        field = "_".join(str(part) for part in first["loc"])
        value = "(not shown)" if field in SECRETS else first["input"]
        raise InputError(f"{_PREFIX}{field.upper()}={value}: {first['msg'].removeprefix('Value error, ')}") from error


def _secrets(environment: Mapping[str, str]) -> dict[str, Any]:
    found = {}
    for field in SECRETS:
        name = _PREFIX + field.upper()
        file_name = environment.get(f"{name}_FILE")
        if not file_name:
            continue
        if environment.get(name):
            raise InputError(f"{name} and {name}_FILE are both set: keep one of them")
        try:
            found[field] = Path(file_name).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise EnvironmentFault(
                f"{name}_FILE={file_name}: cannot be read ({error}); check path and rights"
            ) from error
    return found
