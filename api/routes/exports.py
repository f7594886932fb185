"""A media's timeline and frames as files for other programs, each with its manifest: what it is and is made of."""

from collections.abc import Iterator
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query
from starlette.responses import StreamingResponse

from api.files.exported import FILES, ExportForm, exported, exported_manifest
from api.parts import MediaId, OwnerOf, Parts, PartsOf
from api.problems import Problem, documented
from api.routes.media import BinText, read_bin, readable_job
from core.errors import StoreUnavailable
from core.exports.columns import ExportTable
from core.exports.frame_rows import frame_table
from core.exports.timeline_rows import timeline_table
from core.observations import FrameObservation
from db.archive.media import get_media
from db.archive.provenance import sources_of_media
from db.records import JobRecord
from db.states import UNFINISHED
from db.timelines.frame_pages import frames_page
from db.timelines.timelines import timeline

router = APIRouter(prefix="/v1/media", tags=["media"])

#: A timeline is held in memory.
MAX_NUM_POINTS: Final = 200_000

_FRAMES_AT_ONCE: Final = 1_000

FormOf = Annotated[ExportForm, Query(description="Of which file.")]


@router.get("/{media_id}/timeline.manifest.json", responses=documented())
def tell_of_timeline_file(
    parts: PartsOf, owner: OwnerOf, media_id: MediaId, bin_text: BinText = "1s", form: FormOf = ExportForm.CSV
) -> dict[str, Any]:
    """Tell what a timeline's file is: its SHA-256, what its columns mean, and the generation that it was made of."""
    job = readable_job(parts, owner, media_id)
    table = _timeline_table(parts, job, bin_text)
    with parts.store.reading() as connection:
        sources = sources_of_media(connection, job.id)
    return exported_manifest(
        table,
        form,
        name=f"{media_id}.timeline.{form}",
        question={"media_id": media_id, "bin": bin_text, "smooth": False},
        sources=sources,
        address=f"/v1/media/{media_id}/timeline.{form}?bin={bin_text}",
    )


@router.get("/{media_id}/frames.manifest.json", responses=documented())
def tell_of_frames_file(
    parts: PartsOf, owner: OwnerOf, media_id: MediaId, form: FormOf = ExportForm.CSV
) -> dict[str, Any]:
    """Tell what the frames' file is. It is made for that, which takes as long as to fetch it."""
    job = readable_job(parts, owner, media_id)
    with parts.store.reading() as connection:
        sources = sources_of_media(connection, job.id)
    return exported_manifest(
        frame_table(_every_frame(parts, job)),
        form,
        name=f"{media_id}.frames.{form}",
        question={"media_id": media_id, "rows": "all"},
        sources=sources,
        address=f"/v1/media/{media_id}/frames.{form}",
    )


@router.get("/{media_id}/timeline.{form}", responses=documented() | FILES, response_class=StreamingResponse)
def export_timeline(
    parts: PartsOf, owner: OwnerOf, media_id: MediaId, form: ExportForm, bin_text: BinText = "1s"
) -> StreamingResponse:
    """Give the whole timeline out as a file; what its columns mean: docs/formats.md."""
    table = _timeline_table(parts, readable_job(parts, owner, media_id), bin_text)
    return exported(table, form, name=f"{media_id}.timeline.{form}")


@router.get("/{media_id}/frames.{form}", responses=documented() | FILES, response_class=StreamingResponse)
def export_frames(parts: PartsOf, owner: OwnerOf, media_id: MediaId, form: ExportForm) -> StreamingResponse:
    """Give every sampled frame out as a file, a row a face, as `moodline frames` does; some rows at a time."""
    job = readable_job(parts, owner, media_id)
    return exported(frame_table(_every_frame(parts, job)), form, name=f"{media_id}.frames.{form}")


def _timeline_table(parts: Parts, job: JobRecord, bin_text: str) -> ExportTable:
    bin_us = read_bin(bin_text)
    with parts.store.reading() as connection:
        media = get_media(connection, job.media_id)
        num_points = 1 if bin_us is None else (media.end_us - media.start_us) // bin_us
        if num_points > MAX_NUM_POINTS:
            raise Problem(
                422, "TOO_MANY_POINTS", f"bin={bin_text}: {num_points:,} points, {MAX_NUM_POINTS:,} at most: widen it"
            )
        return timeline_table(timeline(connection, job.id, bin_us=bin_us))


def _every_frame(parts: Parts, job: JobRecord) -> Iterator[FrameObservation]:
    """Yield a job's frames, a short transaction at a time: a client that reads slowly holds no connection.

    Raises StoreUnavailable where rows went away meanwhile: what was sent must not pass for the whole.
    """
    num_frames, from_index = 0, 0
    while True:
        with parts.store.reading() as connection:
            page = frames_page(connection, job.id, from_index=from_index, limit=_FRAMES_AT_ONCE)
        if not page:
            break
        yield from page
        num_frames, from_index = num_frames + len(page), page[-1].frame_index + 1
    if job.state not in UNFINISHED and num_frames != job.num_frames:
        raise StoreUnavailable(f"job {job.id}: {num_frames} of {job.num_frames} frames are there; was it erased?")
