"""Settings of one process, from the environment (MOODLINE_*) or a .env file. Read in entry points only, passed down."""

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
