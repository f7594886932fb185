"""Settings of one process, from the environment (MOODLINE_*) or a .env file. Read in entry points only, passed down."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Each field's environment variable is its name in capitals after MOODLINE_."""

    model_config = SettingsConfigDict(env_prefix="MOODLINE_", env_file=".env", extra="ignore", frozen=True)

    #: MOODLINE_DB_URL: where rows are kept.
    db_url: str = "sqlite:///moodline.db"
    #: MOODLINE_MODEL: a shipped model's name, or the path of a checkpoint's card.
    model: str = "small"
    #: MOODLINE_DEVICE: where networks run: cpu, cuda:0.
    device: str = "cpu"
    #: MOODLINE_BROKER_URL: the Redis (or Valkey) that carries the pool's doorbells.
    broker_url: str = "redis://127.0.0.1:6379/0"
    #: MOODLINE_MODELS_DIR: a folder with cards of more models, for workers; None: the shipped ones only.
    models_dir: Path | None = None
    #: MOODLINE_LEASE_SECONDS: a worker that says nothing for this long has lost its chunk.
    lease_seconds: float = Field(default=60.0, ge=1.0)
