"""Tables as the body of an answer: CSV, JSON lines, Parquet, the same bytes as commands write."""

import io
import tempfile
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from starlette.responses import Response

from core.documents import NOTICE
from core.exports.columns import ExportTable
from core.exports.parquet import write_parquet
from core.exports.text_tables import write_csv, write_jsonl


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

#: What OpenAPI says of an answer that is a table.
FILES: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "The file.",
        "content": {kind.partition(";")[0]: {"schema": {"type": "string"}} for kind in _TYPES.values()},
    }
}


def table_answer(table: ExportTable, form: ExportForm, *, name: str) -> Response:
    """Give a table out under a file's name."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Moodline-Notice": NOTICE}
    return Response(table_bytes(table, form), media_type=_TYPES[form], headers=headers)


def table_bytes(table: ExportTable, form: ExportForm) -> bytes:
    """Write a table."""
    if form is ExportForm.PARQUET:
        with tempfile.TemporaryDirectory() as folder:
            out = Path(folder) / "table.parquet"
            write_parquet(table, out)
            return out.read_bytes()
    text = io.StringIO(newline="")
    (write_csv if form is ExportForm.CSV else write_jsonl)(table, text)
    return text.getvalue().encode()
