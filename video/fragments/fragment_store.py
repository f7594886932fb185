"""How fragments are named, and where they lie between the one who cut them and the worker: a port. Knows no Redis."""

import hashlib
from typing import Protocol

from core.errors import InputError


def fragment_key(owner: str, content: bytes) -> str:
    """Return the key of a fragment: whose it is, and what it is, so that another's cannot take its place."""
    return f"{owner}:{hashlib.sha256(content).hexdigest()}"


def is_genuine(key: str, content: bytes) -> bool:
    """Whether a fragment is the one that `fragment_key` named."""
    return key.rpartition(":")[2] == hashlib.sha256(content).hexdigest()


class FragmentStore(Protocol):
    """Where fragments lie between the one who cut them and the worker. What has expired was never there."""

    def put(self, key: str, content: bytes, *, ttl_seconds: int) -> None:
        """Keep a fragment for so long, in the place of any other of this key. Raises InputError if it is too large."""

    def get(self, key: str) -> bytes | None:
        """Return a fragment; None: there is none, or none any more."""

    def delete(self, key: str) -> None:
        """Forget a fragment, if it is there."""


def refuse_unless_storable(content: bytes, *, ttl_seconds: int, max_fragment_bytes: int) -> None:
    """Raise InputError for a fragment that is larger than one may be, ValueError for a call that makes no sense."""
    if not content or ttl_seconds < 1:
        raise ValueError(f"a fragment of {len(content)} bytes for {ttl_seconds} s cannot be kept")
    if len(content) > max_fragment_bytes:
        raise InputError(
            f"a fragment of {len(content):,} bytes, at most {max_fragment_bytes:,} are kept in Redis; "
            f"let the workers open the files themselves"
        )
