"""A media's timeline as a file for other programs: CSV, JSON lines, Parquet."""

from typing import Final

from fastapi import APIRouter
from starlette.responses import Response

from api.parts import MediaId, OwnerOf, PartsOf
from api.problems import Problem, documented
from api.routes.media import BinText, read_bin, readable_job
from api.table_answers import FILES, ExportForm, table_answer
from core.exports.timeline_rows import timeline_table
from db.media import get_media
from db.timelines import timeline

router = APIRouter(prefix="/v1/media", tags=["media"])

#: An export is made in memory.
MAX_NUM_POINTS: Final = 200_000


@router.get("/{media_id}/timeline.{form}", responses=documented() | FILES, response_class=Response)
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
    return table_answer(table, form, name=f"{media_id}.timeline.{form}")
