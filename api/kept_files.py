"""Where uploads lie: a folder an owner, a file a media, a note beside it. Knows no request: erasing needs it too."""

import hashlib
import re
from pathlib import Path

from db.identity import media_id


def folder_of(root: Path, owner: str) -> Path:
    """Return where an owner's files are kept; an owner's name is never a path."""
    return root / "kept" / hashlib.sha256(owner.encode()).hexdigest()[:16]


def note_in(folder: Path, wanted: str) -> Path:
    """Return where it is written down what a media was called and what its probe found."""
    return folder / f"{wanted}.json"


def copies_of(root: Path, sha256: str) -> list[Path]:
    """Return every owner's file of this content, and the notes beside them."""
    if not re.fullmatch(r"[0-9a-f]{64}", sha256):
        return []
    found = [*root.glob(f"kept/*/{sha256}*"), *root.glob(f"kept/*/{media_id(sha256)}.json")]
    return sorted(found)
