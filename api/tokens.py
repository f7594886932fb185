"""Tokens: who may ask, and for what. The file holds digests; a token itself is shown once, when it is made."""

import hashlib
import json
import os
import re
import secrets
import threading
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from core.errors import EnvironmentFault, InputError

_OWNER: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_FORMAT: Final = 1


class Scope(StrEnum):
    """What a token allows."""

    READ = "read"  # everything of its owner's that can be asked
    WRITE = "write"  # uploads, jobs


@dataclass(frozen=True, kw_only=True)
class Caller:
    """Who asks."""

    owner: str  # whose media and jobs these are
    scopes: frozenset[Scope]


class TokenFile:
    """A file of tokens, read again whenever it has changed. Threads may share it."""

    def __init__(self, path: Path) -> None:
        """Read the file. Raises InputError where it is none, or where it holds no token."""
        self._path = path
        self._lock = threading.Lock()
        self._seen_ns = -1
        self._callers: dict[str, Caller] = {}
        self._read()
        if not self._callers:
            raise InputError(f"{path}: holds no token; make one with `moodline token add OWNER --token-file {path}`")

    def caller_of(self, token: str) -> Caller | None:
        """Return who holds this token; None: nobody."""
        with self._lock:
            self._read()
            return self._callers.get(_digest(token))

    def _read(self) -> None:
        """Take a changed file; one that has gone or been damaged lets nobody in."""
        try:
            changed_ns = self._path.stat().st_mtime_ns
            if changed_ns == self._seen_ns:
                return
            self._callers = {
                entry["sha256"]: Caller(owner=entry["owner"], scopes=frozenset(map(Scope, entry["scopes"])))
                for entry in _entries(self._path)
            }
            self._seen_ns = changed_ns
        except FileNotFoundError as error:
            self._callers = {}
            raise InputError(f"{self._path}: no such token file; make it with `moodline token add OWNER`") from error


def add_token(path: Path, owner: str, scopes: frozenset[Scope]) -> str:
    """Add a token to the file, which is made where there is none, and return it: it is not kept anywhere."""
    if not _OWNER.fullmatch(owner):
        raise InputError(f"owner {owner!r}: write letters, digits, dots, dashes and underscores, 64 at most")
    token = f"moodline_{secrets.token_urlsafe(32)}"
    entry = {"sha256": _digest(token), "owner": owner, "scopes": sorted(scopes)}
    _write(path, [*(_entries(path) if path.exists() else []), entry])
    return token


def remove_tokens(path: Path, owner: str) -> int:
    """Take every token of an owner back; return how many there were. A running server notices at the next request."""
    before = _entries(path)
    kept = [entry for entry in before if entry["owner"] != owner]
    _write(path, kept)
    return len(before) - len(kept)


def _entries(path: Path) -> list[dict[str, Any]]:
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        entries: list[dict[str, Any]] = document["tokens"]
        if document["format"] != _FORMAT or not all(
            set(entry) == {"sha256", "owner", "scopes"} and set(entry["scopes"]) <= set(Scope) for entry in entries
        ):
            raise ValueError("unknown fields")
        return entries
    except FileNotFoundError:
        raise
    except OSError as error:
        raise EnvironmentFault(f"{path}: cannot be read ({error.strerror}); check its rights") from error
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(f"{path}: is no token file; make one with `moodline token add OWNER`") from error


def _write(path: Path, entries: list[dict[str, Any]]) -> None:
    """Replace the file as a whole, readable for this user only."""
    partial = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            json.dump({"format": _FORMAT, "tokens": entries}, file, indent=2)
        partial.replace(path)
    except OSError as error:
        raise EnvironmentFault(f"{path}: cannot be written ({error.strerror}); choose another place") from error


def _digest(token: str) -> str:
    """A token has 256 random bits: no salt and no slow hash is needed."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
