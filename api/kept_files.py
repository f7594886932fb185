"""Where uploads lie: a folder an owner, a file a media, a note beside it. Knows no request: erasing needs it too."""

import hashlib
import json
import re
from pathlib import Path

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
        try:
            total += int(json.loads(note.read_text(encoding="utf-8"))["num_bytes"])
        except FileNotFoundError:
            continue  # it has just been finished
    return total


def copies_of(root: Path, sha256: str) -> list[Path]:
    """Return every owner's file of this content, the notes beside them, and those of uploads that became it."""
    if not re.fullmatch(r"[0-9a-f]{64}", sha256):
        return []
    wanted = media_id(sha256)
    found = [*root.glob(f"kept/*/{sha256}*"), *root.glob(f"kept/*/{wanted}.json")]
    return sorted(found) + sorted(note for note in root.glob("unfinished/*/*/done.json") if _tells_of(note, wanted))


def _tells_of(note: Path, wanted: str) -> bool:
    try:
        return bool(json.loads(note.read_text(encoding="utf-8"))["media_id"] == wanted)
    except FileNotFoundError:
        return False  # it has just expired
