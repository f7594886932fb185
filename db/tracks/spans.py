"""The tracks of a job as its rows have them: where and when each begins and ends, and what it appeared to show."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, Select, case, func, select
from sqlalchemy.orm import aliased

from core.tracks.document import TrackFigures
from core.tracks.state import PersonTrack
from core.tracks.stitching import TrackSpan, stitched
from db.observations import PROB_COLUMNS
from db.row_tables import FaceTable, FrameTable

_SIDES: Final = ("x1", "y1", "x2", "y2")


def stitched_spans(
    connection: Connection, job_id: str, *, chunks_apart: Collection[int] = ()
) -> list[tuple[TrackSpan, ...]]:
    """Return a job's tracks, joined over its chunks. Faces that were not followed have none."""
    ends = (
        select(
            FaceTable.track,
            func.min(FaceTable.frame_index).label("first_index"),
            func.max(FaceTable.frame_index).label("last_index"),
        )
        .where(FaceTable.job_id == job_id, FaceTable.track.is_not(None))
        .group_by(FaceTable.track)
        .subquery()
    )
    first, last = aliased(FaceTable), aliased(FaceTable)

    def is_end(face: Any, frame_index: Any) -> Any:
        return (face.job_id == job_id) & (face.frame_index == frame_index) & (face.track == ends.c.track)

    rows = connection.execute(
        select(ends.c.track, FrameTable.chunk_index, *_place(first, "first"), *_place(last, "last"))
        .join(first, is_end(first, ends.c.first_index))
        .join(last, is_end(last, ends.c.last_index))
        .join(FrameTable, (FrameTable.job_id == job_id) & (FrameTable.frame_index == ends.c.first_index))
    )
    spans = [
        TrackSpan(
            track=row.track,
            chunk_index=row.chunk_index,
            first_us=row.first_us,
            last_us=row.last_us,
            first_box=(row.first_x1, row.first_y1, row.first_x2, row.first_y2),
            last_box=(row.last_x1, row.last_y1, row.last_x2, row.last_y2),
        )
        for row in rows
    ]
    return stitched(spans, chunks_apart=chunks_apart)


def _place(face: Any, name: str) -> list[Any]:
    return [face.pts_us.label(f"{name}_us"), *(getattr(face, side).label(f"{name}_{side}") for side in _SIDES)]


def figures_of(connection: Connection, job_id: str, tracks: Sequence[PersonTrack]) -> dict[int, TrackFigures]:
    """Sum up the rows of person tracks, by their numbers."""
    cut = {(part.track, part.first_us): part for track in tracks for part in track.parts if not part.is_whole}
    whole = {row.track: row[1:] for row in connection.execute(_figures(job_id).group_by(FaceTable.track))}
    of_cut = {
        key: connection.execute(
            _figures(job_id)
            .where(FaceTable.track == part.track, FaceTable.pts_us.between(part.first_us, part.last_us))
            .group_by(FaceTable.track)
        ).one()[1:]
        for key, part in cut.items()
    }
    found = {}
    for track in tracks:
        rows = [whole[part.track] if part.is_whole else of_cut[part.track, part.first_us] for part in track.parts]
        num_faces, num_readings, sum_px, *sum_probs = (sum(map(float, column)) for column in zip(*rows, strict=True))
        found[track.number] = TrackFigures(
            num_faces=int(num_faces),
            num_readings=int(num_readings),
            mean_face_px=sum_px / num_faces,
            sum_probs=tuple(sum_probs),
        )
    return found


def _figures(job_id: str) -> Select[*tuple[Any, ...]]:
    is_counted = case((FaceTable.abstained, 0), else_=1)
    columns = FaceTable.__table__.c
    return select(
        FaceTable.track,
        func.count(),
        func.sum(is_counted),
        func.sum(FaceTable.face_px),
        *(func.sum(columns[name] * is_counted) for name in PROB_COLUMNS),
    ).where(FaceTable.job_id == job_id, FaceTable.track.is_not(None))


@dataclass(frozen=True, kw_only=True)
class PlacedFace:
    """A stored face: where it is in which frame, and in which track of a chunk."""

    frame_index: int
    face_index: int
    pts_us: int
    track: int | None
    box: tuple[float, float, float, float]  # x1, y1, x2, y2 px
    score: float


def stream_places(connection: Connection, job_id: str) -> Iterator[PlacedFace]:
    """Yield a job's faces in order, without what they show. Read on inside the transaction."""
    names = ("frame_index", "face_index", "pts_us", "track", *_SIDES, "score")
    rows = connection.execute(
        select(*(FaceTable.__table__.c[name] for name in names))
        .where(FaceTable.job_id == job_id)
        .order_by(FaceTable.frame_index, FaceTable.face_index)
        .execution_options(yield_per=1_000)
    )
    for frame_index, face_index, pts_us, track, x1, y1, x2, y2, score in rows:
        box = (x1, y1, x2, y2)
        yield PlacedFace(
            frame_index=frame_index, face_index=face_index, pts_us=pts_us, track=track, box=box, score=score
        )
