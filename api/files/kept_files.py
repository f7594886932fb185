"""Where uploads lie: a folder an owner, a file a media, a note beside it. Knows no request: erasing needs it too."""

import hashlib
import json
import re
from pathlib import Path
from typing import Any

from db.identity import media_id


def folder_of(root: Path, owner: str) -> Path:
    """Return where an owner's files are kept; an owner's name is never a path."""
    return root / "kept" / hashlib.sha256(owner.encode()).hexdigest()[:16]


def note_in(folder: Path, wanted: str) -> Path:
    """Return where it is written down what a media was called and what its probe found."""
    return folder / f"{wanted}.json"


def unfinished_of(root: Path, owner: str) -> Path:
    """Return where an owner's uploads lie that come in pieces: a folder each."""
    return root / "unfinished" / folder_of(root, owner).name


def reserved_bytes(root: Path, owner: str) -> int:
    """Return what an owner's unfinished uploads will take together."""
    total = 0
    for note in unfinished_of(root, owner).glob("*/about.json"):
        about = read_note(note)
        total += 0 if about is None else int(about["num_bytes"])
    return total


def copies_of(root: Path, sha256: str) -> list[Path]:
    """Return every owner's file of this content, the notes beside them, and those of uploads that became it."""
    if not re.fullmatch(r"[0-9a-f]{64}", sha256):
        return []
    wanted = media_id(sha256)
    found = [*root.glob(f"kept/*/{sha256}*"), *root.glob(f"kept/*/{wanted}.json")]
    of_pieces = sorted(root.glob("unfinished/*/*/done.json"))
    return sorted(found) + [note for note in of_pieces if (done := read_note(note)) and done["media_id"] == wanted]


def read_note(path: Path) -> dict[str, Any] | None:
    """Return a note beside an upload; None: there is none, or none any more."""
    try:
        document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return document
    except FileNotFoundError:
        return None
