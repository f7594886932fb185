"""`moodline serve` listens beyond this machine only for whom it knows; `moodline token` says who that is."""

from pathlib import Path

import pytest

from api.tokens import Scope, TokenFile
from cli.main import exit_code_of
from cli.server.serve import _is_loopback


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5", "::", "example.org"])
def test_it_refuses_to_be_reached_from_elsewhere_without_tokens(host, capsys, monkeypatch, tmp_path: Path):
    monkeypatch.setattr("uvicorn.run", lambda *_app, **_options: None)  # else a test that fails listens for ever
    code = exit_code_of(["serve", "--host", host, "--no-runner", "--db", f"sqlite:///{tmp_path / 'rows.db'}"])
    assert code == 2
    assert "--token-file" in capsys.readouterr().err
    assert not (tmp_path / "rows.db").exists()


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.2", "::1", "localhost"])
def test_loopback_is_this_machine(host):
    assert _is_loopback(host)


def test_a_token_file_that_is_not_there_is_refused(capsys, tmp_path: Path):
    tokens = tmp_path / "none.json"
    db = f"sqlite:///{tmp_path / 'rows.db'}"
    assert exit_code_of(["serve", "--host", "0.0.0.0", "--token-file", str(tokens), "--db", db]) == 2
    assert "no such token file" in capsys.readouterr().err


def test_a_token_is_printed_once_and_taken_back(capsys, tmp_path: Path):
    path = tmp_path / "tokens.json"
    assert exit_code_of(["token", "add", "bob", "--scope", "read,write", "--token-file", str(path)]) == 0
    token = capsys.readouterr().out.strip()
    caller = TokenFile(path).caller_of(token)
    assert caller is not None
    assert caller.scopes == frozenset(Scope)
    assert exit_code_of(["token", "remove", "bob", "--token-file", str(path)]) == 0
    assert exit_code_of(["token", "remove", "bob", "--token-file", str(path)]) == 2


@pytest.mark.parametrize("scope", ["", "all", "read,delete"])
def test_an_unknown_scope_is_refused(capsys, tmp_path: Path, scope):
    assert exit_code_of(["token", "add", "bob", "--scope", scope, "--token-file", str(tmp_path / "t.json")]) == 2
    assert "choose from read, write" in capsys.readouterr().err
    assert not (tmp_path / "t.json").exists()
