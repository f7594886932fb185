"""The manifest beside a file that a command wrote: what it is, what was asked, and what it was made of."""

import json
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from core.exports.columns import Column
    from core.exports.manifest import SourceJob


def write_manifest(
    out: Path, *, form: str, question: dict[str, Any], columns: "Sequence[Column]", sources: "Sequence[SourceJob]"
) -> Path:
    """Write OUT.manifest.json beside a file and return its path. Raises OSError where it cannot be written."""
    from core.exports.manifest import ExportedFile, manifest_document
    from core.software import installed
    from db.people.erasure import sha256_of

    document = manifest_document(
        ExportedFile(name=out.name, sha256=sha256_of(out), num_bytes=out.stat().st_size, form=form),
        question=question,
        columns=columns,
        sources=sources,
        command=shown_command(sys.argv[1:]),
        written_at=datetime.now(UTC),
        software=installed(),
    )
    beside = out.with_name(out.name + ".manifest.json")
    beside.write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return beside


def shown_command(arguments: Sequence[str]) -> list[str]:
    """Return a call as it may be shown: a store's address may hold a password."""
    shown, hides_next = ["moodline"], False
    for argument in arguments:
        if hides_next:
            shown.append("(not shown)")
        elif argument.startswith("--db="):
            shown.append("--db=(not shown)")
        else:
            shown.append(argument)
        hides_next = argument == "--db"
    return shown
