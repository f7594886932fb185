"""Tokens: shown once, kept as digests, taken back at once."""

import json
from pathlib import Path

import pytest

from api.tokens import Scope, TokenFile, add_token, remove_tokens
from core.errors import InputError
from tests.integration.api.conftest import Served

READ = frozenset({Scope.READ})


def test_the_file_holds_no_token_and_is_its_users_alone(tmp_path: Path):
    path = tmp_path / "tokens.json"
    token = add_token(path, "bob", READ)
    assert token not in path.read_text()
    assert path.stat().st_mode & 0o777 == 0o600
    caller = TokenFile(path).caller_of(token)
    assert caller is not None
    assert (caller.owner, caller.scopes) == ("bob", READ)


def test_a_token_that_was_taken_back_lets_nobody_in_any_more(served: Served):
    assert served.get("/v1/jobs", "bob").status_code == 200
    assert remove_tokens(served.settings.token_file, "bob") == 1
    assert served.get("/v1/jobs", "bob").status_code == 401
    assert served.get("/v1/jobs", "local").status_code == 200


@pytest.mark.parametrize("content", ["", "{}", '{"format": 2, "tokens": []}', "[1]", '{"format": 1, "tokens": [{}]}'])
def test_a_damaged_file_lets_nobody_in(served: Served, content):
    served.settings.token_file.write_text(content)
    assert served.get("/v1/jobs").status_code == 401


def test_a_file_that_has_gone_lets_nobody_in(served: Served):
    served.settings.token_file.unlink()
    assert served.get("/v1/jobs").status_code == 401


@pytest.mark.parametrize("owner", ["", "a b", "../x", "x" * 65, "-x"])
def test_an_owner_is_a_plain_word(tmp_path: Path, owner):
    with pytest.raises(InputError):
        add_token(tmp_path / "tokens.json", owner, READ)


def test_a_file_without_a_token_is_none(tmp_path: Path):
    path = tmp_path / "tokens.json"
    with pytest.raises(InputError, match="no such token file"):
        TokenFile(path)
    path.write_text(json.dumps({"format": 1, "tokens": []}))
    with pytest.raises(InputError, match="holds no token"):
        TokenFile(path)
