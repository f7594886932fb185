"""A part of a job's timeline. It costs by its own length: by the rows of its stretch, or their sums by the minute."""

from dataclasses import dataclass

from sqlalchemy import Connection

from core.timeline import Timeline, bin_start_us, check_bin_us, empty_point
from core.tracks.state import PersonTrack
from db.jobs import get_job
from db.timelines.cells import MIN_BIN_US, sums_of_cells
from db.timelines.frame_ranges import Span, extent_us
from db.timelines.memory import TimelineMemory
from db.timelines.sums import sums_of_rows
from db.timelines.timelines import timeline_of


@dataclass(frozen=True, kw_only=True)
class TimelinePage:
    """A part of a timeline."""

    timeline: Timeline
    next_us: int | None  # presentation time at which the next part begins; None: this is the last


def timeline_page(
    connection: Connection,
    job_id: str,
    *,
    bin_us: int,
    asked_us: Span,
    max_points: int,
    track: PersonTrack | None = None,
    memory: TimelineMemory | None = None,
) -> TimelinePage:
    """Return the bins that begin within `asked_us` and within the media, `max_points` at most, gaps included.

    With a person track, only its faces are told of. With a memory, what was read before is not read again.
    """
    check_bin_us(bin_us)
    extent = extent_us(connection, job_id)
    if extent is None:
        return TimelinePage(timeline=timeline_of(connection, job_id, bin_us, ()), next_us=None)
    begin_us = max(bin_start_us(extent[0], bin_us), -(-asked_us[0] // bin_us) * bin_us)
    until_us = min(bin_start_us(extent[1], bin_us) + bin_us, -(-asked_us[1] // bin_us) * bin_us)
    end_us = min(until_us, begin_us + max_points * bin_us)
    if begin_us >= end_us:
        return TimelinePage(timeline=timeline_of(connection, job_id, bin_us, ()), next_us=None)
    job = get_job(connection, job_id)
    if track is None and memory is not None and memory.fits(job, bin_us):
        sums = memory.sums(connection, job, (begin_us, end_us), bin_us=bin_us)
    elif track is None and bin_us >= MIN_BIN_US:
        sums = sums_of_cells(connection, job_id, (begin_us, end_us), bin_us=bin_us)
    else:
        sums = sums_of_rows(connection, job_id, (begin_us, end_us), bin_us=bin_us, track=track)
    points = tuple(
        sums[start_us].point(start_us) if start_us in sums else empty_point(start_us)
        for start_us in range(begin_us, end_us, bin_us)
    )
    return TimelinePage(
        timeline=timeline_of(connection, job_id, bin_us, points), next_us=end_us if end_us < until_us else None
    )
