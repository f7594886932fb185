"""How two stored generations of a media differ: their frames side by side, a thousand rows at a time."""

from collections.abc import Iterator

from sqlalchemy import Connection

from core.comparison import DiffTally, GenerationDiff
from core.errors import InputError
from core.observations import FrameObservation
from db.jobs import get_job
from db.observations import stream_frames


def diff_generations(connection: Connection, before_job_id: str, after_job_id: str) -> GenerationDiff:
    """Compare what two jobs stored of one media, frame by frame. Raise InputError where it is not one media."""
    before, after = get_job(connection, before_job_id), get_job(connection, after_job_id)
    if before.media_id != after.media_id:
        raise InputError(
            f"jobs {before.id} and {after.id} are of two media, {before.media_id} and {after.media_id}: "
            "only generations of one media can be compared"
        )
    tally = DiffTally(before.media_id)
    for one, other in _side_by_side(stream_frames(connection, before.id), stream_frames(connection, after.id)):
        tally.add_frame(one, other)
    return tally.result()


def _side_by_side(
    before: Iterator[FrameObservation], after: Iterator[FrameObservation]
) -> Iterator[tuple[FrameObservation | None, FrameObservation | None]]:
    """Yield every frame of either stream once, in order, with its twin in the other."""
    one, other = next(before, None), next(after, None)
    while one is not None or other is not None:
        if other is None or (one is not None and one.frame_index < other.frame_index):
            yield one, None
            one = next(before, None)
        elif one is None or other.frame_index < one.frame_index:
            yield None, other
            other = next(after, None)
        else:
            yield one, other
            one, other = next(before, None), next(after, None)
