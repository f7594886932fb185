"""A media's timeline as a file for other programs: CSV, JSON lines, Parquet."""

import io
import tempfile
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from fastapi import APIRouter
from starlette.responses import Response

from api.parts import MediaId, OwnerOf, PartsOf
from api.problems import Problem, documented
from api.routes.media import BinText, read_bin, readable_job
from core.documents import NOTICE
from core.exports.columns import ExportTable
from core.exports.parquet import write_parquet
from core.exports.text_tables import write_csv, write_jsonl
from core.exports.timeline_rows import timeline_table
from db.media import get_media
from db.timelines import timeline

router = APIRouter(prefix="/v1/media", tags=["media"])

#: An export is made in memory.
MAX_NUM_POINTS: Final = 200_000


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
_FILES: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "The file.",
        "content": {kind.partition(";")[0]: {"schema": {"type": "string"}} for kind in _TYPES.values()},
    }
}


@router.get("/{media_id}/timeline.{form}", responses=documented() | _FILES, response_class=Response)
def export_timeline(
    parts: PartsOf, owner: OwnerOf, media_id: MediaId, form: ExportForm, bin_text: BinText = "1s"
) -> Response:
    """Give the whole timeline out as a file; what its columns mean: docs/formats.md."""
    bin_us = read_bin(bin_text)
    job = readable_job(parts, owner, media_id)
    with parts.store.reading() as connection:
        media = get_media(connection, media_id)
        num_points = 1 if bin_us is None else (media.end_us - media.start_us) // bin_us
        if num_points > MAX_NUM_POINTS:
            raise Problem(
                422, "TOO_MANY_POINTS", f"bin={bin_text}: {num_points:,} points, {MAX_NUM_POINTS:,} at most: widen it"
            )
        table = timeline_table(timeline(connection, job.id, bin_us=bin_us))
    headers = {
        "Content-Disposition": f'attachment; filename="{media_id}.timeline.{form}"',
        "X-Moodline-Notice": NOTICE,
    }
    return Response(_written(table, form), media_type=_TYPES[form], headers=headers)


def _written(table: ExportTable, form: ExportForm) -> bytes:
    if form is ExportForm.PARQUET:
        with tempfile.TemporaryDirectory() as folder:
            out = Path(folder) / "timeline.parquet"
            write_parquet(table, out)
            return out.read_bytes()
    text = io.StringIO(newline="")
    (write_csv if form is ExportForm.CSV else write_jsonl)(table, text)
    return text.getvalue().encode()
