"""What was erased and must not come back, remembered without remembering what it was."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection, insert, select

from db.subject_tables import TombstoneTable


@dataclass(frozen=True, kw_only=True)
class Tombstone:
    """A salted digest of a pseudonym, or of a media's SHA-256."""

    digest: str
    salt: str

    def covers(self, value: str) -> bool:
        """Whether this is what was erased."""
        return self.digest == _digest(self.salt, value)


def set_tombstone(connection: Connection, value: str) -> Tombstone:
    """Remember that something was erased."""
    salt = secrets.token_hex(16)
    stone = Tombstone(digest=_digest(salt, value), salt=salt)
    connection.execute(insert(TombstoneTable).values(digest=stone.digest, salt=salt, erased_at=datetime.now(UTC)))
    return stone


def is_erased(connection: Connection, value: str) -> bool:
    """Whether a pseudonym, or a media's content, was erased."""
    stones = connection.execute(select(TombstoneTable.digest, TombstoneTable.salt))
    return any(Tombstone(digest=stone.digest, salt=stone.salt).covers(value) for stone in stones)


def _digest(salt: str, value: str) -> str:
    return hashlib.sha256(f"{salt}:{value}".encode()).hexdigest()
