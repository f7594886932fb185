"""Settings come from the environment, secrets also from files; what is wrong is named."""

import pytest

from core.errors import EnvironmentFault, InputError
from core.settings import load_settings


def test_secret_is_read_from_the_file_that_is_named(tmp_path):
    secret = tmp_path / "broker_url"
    secret.write_text("redis://:S3cret@redis:6379/0\n")
    settings = load_settings({"MOODLINE_BROKER_URL_FILE": str(secret)})
    assert settings.broker_url == "redis://:S3cret@redis:6379/0"


def test_value_and_file_at_once_are_refused(tmp_path):
    with pytest.raises(InputError, match="MOODLINE_DB_URL and MOODLINE_DB_URL_FILE are both set"):
        load_settings({"MOODLINE_DB_URL": "sqlite:///a.db", "MOODLINE_DB_URL_FILE": str(tmp_path / "x")})


def test_secret_that_cannot_be_read_names_its_file(tmp_path):
    with pytest.raises(EnvironmentFault, match=r"MOODLINE_DB_URL_FILE=.*none: cannot be read"):
        load_settings({"MOODLINE_DB_URL_FILE": str(tmp_path / "none")})


def test_wrong_value_is_one_line_with_the_variable(monkeypatch):
    monkeypatch.setenv("MOODLINE_LEASE_SECONDS", "soon")
    with pytest.raises(InputError, match="MOODLINE_LEASE_SECONDS=soon: "):
        load_settings()


def test_broker_of_the_wrong_form_says_the_right_one_and_not_its_password(monkeypatch):
    monkeypatch.setenv("MOODLINE_BROKER_URL", "amqp://user:S3cret@host")
    with pytest.raises(InputError, match=r"MOODLINE_BROKER_URL=\(not shown\): write it like redis://") as raised:
        load_settings()
    assert "S3cret" not in str(raised.value)
