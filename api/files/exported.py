"""Files for other programs: a table as CSV, JSON lines or Parquet, piece by piece, and the manifest beside it."""

import hashlib
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from enum import StrEnum
from itertools import chain
from pathlib import Path
from typing import Any, Final

from starlette.responses import StreamingResponse

from core.documents import NOTICE
from core.exports.columns import ExportTable
from core.exports.manifest import ExportedFile, SourceJob, manifest_document
from core.exports.parquet import write_parquet
from core.exports.text_tables import csv_pieces, jsonl_pieces
from core.software import installed

_BLOCK_BYTES: Final = 2**20


class ExportForm(StrEnum):
    """Forms of an export."""

    CSV = "csv"
    JSONL = "jsonl"
    PARQUET = "parquet"


_TYPES: Final = {
    ExportForm.CSV: "text/csv; charset=utf-8",
    ExportForm.JSONL: "application/jsonl",
    ExportForm.PARQUET: "application/vnd.apache.parquet",
}

#: What OpenAPI says of an answer that is such a file.
FILES: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "The file.",
        "content": {kind.partition(";")[0]: {"schema": {"type": "string"}} for kind in _TYPES.values()},
    }
}


def exported(table: ExportTable, form: ExportForm, *, name: str) -> StreamingResponse:
    """Answer with a table as a file. What goes wrong before its first piece is told as a problem."""
    pieces = _pieces(table, form)
    first = next(pieces, b"")
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Moodline-Notice": NOTICE}
    return StreamingResponse(chain([first], pieces), media_type=_TYPES[form], headers=headers)


def exported_manifest(
    table: ExportTable,
    form: ExportForm,
    *,
    name: str,
    question: dict[str, Any],
    sources: list[SourceJob],
    address: str,
) -> dict[str, Any]:
    """Return the manifest of the file that exported() answers with. The file is made once more, to be hashed."""
    digest, num_bytes = hashlib.sha256(), 0
    for piece in _pieces(table, form):
        digest.update(piece)
        num_bytes += len(piece)
    return manifest_document(
        ExportedFile(name=name, sha256=digest.hexdigest(), num_bytes=num_bytes, form=form.value),
        question=question,
        columns=table.columns,
        sources=sources,
        command=["GET", address],
        written_at=datetime.now(UTC),
        software=installed(),
    )


def _pieces(table: ExportTable, form: ExportForm) -> Iterator[bytes]:
    if form is ExportForm.PARQUET:
        with tempfile.TemporaryDirectory(prefix="moodline-export-") as folder:
            out = Path(folder) / "table.parquet"
            write_parquet(table, out)
            with out.open("rb") as file:
                while block := file.read(_BLOCK_BYTES):
                    yield block
        return
    for text in csv_pieces(table) if form is ExportForm.CSV else jsonl_pieces(table):
        yield text.encode()
