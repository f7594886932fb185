"""A media's timeline, page by page: as it is stored, smoothed beside it, or of one person track. Reads only."""

from dataclasses import replace
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import JSONResponse

from api.documents.documents import analysed_document
from api.documents.examples import TIMELINE, answered
from api.paging import cursor_of, read_cursor
from api.parts import Cursor, MediaId, OwnerOf, PartsOf
from api.problems import Problem, documented
from api.requests.time_ranges import FromSeconds, UntilSeconds, span_of
from api.routes.media import BinText, read_bin, readable_job
from api.smoothing import SmoothSeconds, StaySeconds, bounded, smoothed_points, smoothing_document, smoothing_of
from core.documents import timeline_document
from core.tracks.state import find_track
from db.timelines.analysed import analysed
from db.timelines.frame_pages import frames_within
from db.timelines.pages import TimelinePage, timeline_page
from db.timelines.timelines import timeline

router = APIRouter(prefix="/v1/media", tags=["media"])


@router.get("/{media_id}/timeline", responses=documented() | answered(TIMELINE), response_class=JSONResponse)
def show_timeline(
    parts: PartsOf,
    owner: OwnerOf,
    media_id: MediaId,
    bin_text: BinText = "1s",
    from_seconds: FromSeconds = None,
    until_seconds: UntilSeconds = None,
    smooth: SmoothSeconds = None,
    stay: StaySeconds = None,
    track: Annotated[int | None, Query(ge=0, le=2**53, description="Of this person track only.")] = None,
    cursor: Cursor = None,
    limit: Annotated[int, Query(ge=1, le=5000, description="How many points at most.")] = 1000,
) -> JSONResponse:
    """Tell what the faces of a media appeared to show, binned by presentation time; gaps are points without values.

    While the job runs: what is stored so far, and `not_yet` says which stretches are to come. With `smooth`, each point
    has smoothed values beside the raw ones. With `track`, only that person's faces count, as decisions have it now.
    """
    bin_us = read_bin(bin_text)
    begin_us, end_us = span_of(from_seconds, until_seconds)
    how = smoothing_of(smooth, stay, bin_us)
    if bin_us is None and (from_seconds, until_seconds, cursor) != (None, None, None):
        raise Problem(422, "RANGE_OF_WHOLE", "bin=whole is about the whole media: leave from, until and cursor out")
    if track is not None and (bin_us is None or how is not None):
        raise Problem(
            422, "TRACK_ALONE", "track goes with a bin's width and without smooth; /tracks tells of the whole"
        )
    from_us = begin_us if cursor is None else read_cursor(cursor, int)[0]
    job = readable_job(parts, owner, media_id)
    with parts.store.reading() as connection:
        there = analysed(connection, job)
        if bin_us is None:
            page = TimelinePage(timeline=timeline(connection, job.id, bin_us=None), next_us=None)
        else:
            person = None if track is None else find_track(parts.tracks.of(connection, job).tracks, track)
            asked_us = (from_us, end_us)
            page = timeline_page(
                connection,
                job.id,
                bin_us=bin_us,
                asked_us=asked_us,
                max_points=limit,
                track=person,
                memory=parts.timelines,
            )
        if how is not None:
            page = _cut(page, bounded(page.timeline))
            smoothed = smoothed_points(page.timeline, how, partial(frames_within, connection, job.id))
    document = timeline_document(page.timeline) | analysed_document(job, there)
    if how is not None:
        for point, more in zip(document["points"], smoothed, strict=True):
            point.update(more)
    document |= {
        "track": track,
        "smoothing": smoothing_document(how),
        "next_cursor": None if page.next_us is None else cursor_of(page.next_us),
    }
    return JSONResponse(document)  # as it is: the framework would look at each of its values first


def _cut(page: TimelinePage, num_points: int) -> TimelinePage:
    """Leave the first points of a page; the next begins behind them."""
    points = page.timeline.points
    if num_points == len(points):
        return page
    return TimelinePage(
        timeline=replace(page.timeline, points=points[:num_points]), next_us=points[num_points].start_us
    )
