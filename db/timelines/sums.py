"""What a job's rows of a stretch add up to, by bins of presentation time. Reads no other rows of the media."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    BindParameter,
    ColumnElement,
    Connection,
    Row,
    Select,
    and_,
    bindparam,
    case,
    func,
    or_,
    select,
)

from core.emotions import EMOTIONS, top_emotion
from core.frames import FrameStatus
from core.timeline import TimelinePoint
from core.tracks.state import PersonTrack
from db.observations import PROB_COLUMNS
from db.row_tables import FaceTable, FrameTable
from db.timelines.bins import bin_start
from db.timelines.frame_ranges import Span, index_range
from db.timelines.rollups import one_where

#: From this width on each bin's faces are asked for by themselves: summing in order is quicker than grouping.
_WIDE_US: Final = 5_000_000

_BIN_US: Final[BindParameter[int]] = bindparam("bin_us", type_=BigInteger())
_MINE: Final = (
    FrameTable.job_id == bindparam("job_id"),
    FrameTable.frame_index >= bindparam("first_index"),
    FrameTable.frame_index < bindparam("end_index"),
    FrameTable.pts_us >= bindparam("begin_us"),
    FrameTable.pts_us < bindparam("until_us"),
)
_FACES: Final = FaceTable.__table__.c
_FACES_MINE: Final = (
    _FACES.job_id == bindparam("job_id"),
    _FACES.frame_index >= bindparam("first_index"),
    _FACES.frame_index < bindparam("end_index"),
    _FACES.pts_us >= bindparam("begin_us"),
    _FACES.pts_us < bindparam("until_us"),
)

_FRAME_ROWS: Final = (
    select(bin_start(FrameTable.pts_us, _BIN_US).label("start_us"), FrameTable.status, FrameTable.frame_index)
    .where(*_MINE)
    .subquery()
)
_FRAMES_BY_BIN: Final = select(
    _FRAME_ROWS.c.start_us,
    func.count().label("num_frames"),
    func.sum(one_where(_FRAME_ROWS.c.status == FrameStatus.FACE)).label("num_face_frames"),
    func.sum(one_where(_FRAME_ROWS.c.status == FrameStatus.UNDECODABLE)).label("num_undecodable_frames"),
    func.min(_FRAME_ROWS.c.frame_index).label("first_index"),
    (func.max(_FRAME_ROWS.c.frame_index) + 1).label("end_index"),
).group_by(_FRAME_ROWS.c.start_us)

#: Of one bin, read in the order of the rows.
_COUNTED_FACES: Final = select(
    func.count().label("num_faces"),
    func.count(_FACES.frame_index.distinct()).label("num_counted_frames"),
    *(func.sum(_FACES[name]).label(name) for name in PROB_COLUMNS),
).where(*_FACES_MINE, _FACES.abstained.is_(False))


@dataclass(frozen=True, kw_only=True)
class PointSums:
    """What the rows of one bin add up to."""

    num_frames: int = 0
    num_face_frames: int = 0
    num_rejected_frames: int = 0
    num_undecodable_frames: int = 0
    num_faces: int = 0  # counted readings
    sum_probs: tuple[float, ...] = (0.0,) * len(EMOTIONS)  # (7,) of these

    def plus(self, other: "PointSums") -> "PointSums":
        """Return the sums of both."""
        return PointSums(
            num_frames=self.num_frames + other.num_frames,
            num_face_frames=self.num_face_frames + other.num_face_frames,
            num_rejected_frames=self.num_rejected_frames + other.num_rejected_frames,
            num_undecodable_frames=self.num_undecodable_frames + other.num_undecodable_frames,
            num_faces=self.num_faces + other.num_faces,
            sum_probs=tuple(a + b for a, b in zip(self.sum_probs, other.sum_probs, strict=True)),
        )

    def point(self, start_us: int) -> TimelinePoint:
        """Return the bin that these are of."""
        probs = tuple(total / self.num_faces for total in self.sum_probs) if self.num_faces else None
        return TimelinePoint(
            start_us=start_us,
            num_frames=self.num_frames,
            num_face_frames=self.num_face_frames,
            num_rejected_frames=self.num_rejected_frames,
            num_undecodable_frames=self.num_undecodable_frames,
            num_faces=self.num_faces,
            probs=probs,
            top=None if probs is None else top_emotion(probs),
        )


Sums = dict[int, PointSums]  # by the bin's start, presentation time in microseconds


def added(parts: Iterable[Sums]) -> Sums:
    """Add sums up, bin by bin."""
    total: Sums = {}
    for part in parts:
        for start_us, sums in part.items():
            total[start_us] = total[start_us].plus(sums) if start_us in total else sums
    return total


def sums_of_rows(
    connection: Connection, job_id: str, span: Span, *, bin_us: int, track: PersonTrack | None = None
) -> Sums:
    """Add up the rows of a span; with a person track only its faces: a face frame is then one that shows it."""
    first_index, end_index = index_range(connection, job_id, span)
    asked = {
        "job_id": job_id,
        "first_index": first_index,
        "end_index": end_index,
        "begin_us": span[0],
        "until_us": span[1],
        "bin_us": bin_us,
    }
    frames = connection.execute(_FRAMES_BY_BIN, asked).all()
    if track is None and bin_us >= _WIDE_US:
        faces_of = {
            row.start_us: connection.execute(
                _COUNTED_FACES, asked | {"first_index": row.first_index, "end_index": row.end_index}
            ).one()
            for row in frames
            if row.num_face_frames
        }
    else:
        statement = _COUNTED_BY_BIN if track is None else _faces_by_bin(_is_of(track, span))
        faces_of = {row.start_us: row for row in connection.execute(statement, asked)}
    return {row.start_us: _sums(row, faces_of.get(row.start_us), is_of_track=track is not None) for row in frames}


def _sums(frames: Row[Any], faces: Row[Any] | None, *, is_of_track: bool) -> PointSums:
    if faces is None:
        num_face_frames, num_counted_frames = 0 if is_of_track else int(frames.num_face_frames), 0
    else:
        num_face_frames = int((faces if is_of_track else frames).num_face_frames)
        num_counted_frames = faces.num_counted_frames
    sum_probs = PointSums.sum_probs
    if faces is not None and faces.num_faces:
        sum_probs = tuple(faces._mapping[name] for name in PROB_COLUMNS)
    return PointSums(
        num_frames=frames.num_frames,
        num_face_frames=num_face_frames,
        num_rejected_frames=num_face_frames - num_counted_frames,
        num_undecodable_frames=int(frames.num_undecodable_frames),
        num_faces=int(faces.num_faces) if faces is not None else 0,
        sum_probs=sum_probs,
    )


def _faces_by_bin(is_of_track: ColumnElement[bool] | None) -> Select[Any]:
    """Select the bins in which a face is counted; of a track, those in which there is one."""
    rows = (
        select(
            bin_start(_FACES.pts_us, _BIN_US).label("start_us"),
            _FACES.frame_index,
            _FACES.abstained,
            *(_FACES[name] for name in PROB_COLUMNS),
        )
        .where(*_FACES_MINE, _FACES.abstained.is_(False) if is_of_track is None else is_of_track)
        .subquery()
    )
    sums: list[Any]
    if is_of_track is None:
        sums = [
            func.count().label("num_faces"),
            func.count(rows.c.frame_index.distinct()).label("num_counted_frames"),
            *(func.sum(rows.c[name]).label(name) for name in PROB_COLUMNS),
        ]
    else:
        is_counted = rows.c.abstained.is_(False)
        sums = [
            func.sum(one_where(is_counted)).label("num_faces"),
            func.count(rows.c.frame_index.distinct()).label("num_face_frames"),
            func.count(case((is_counted, rows.c.frame_index)).distinct()).label("num_counted_frames"),
            *(func.sum(case((is_counted, rows.c[name]), else_=0.0)).label(name) for name in PROB_COLUMNS),
        ]
    return select(rows.c.start_us, *sums).group_by(rows.c.start_us)


def _is_of(track: PersonTrack, span: Span) -> ColumnElement[bool]:
    """Say of a face row that it is the track's, as far as the span goes."""
    parts = [part for part in track.parts if part.first_us < span[1] and part.last_us >= span[0]]
    whole = _FACES.track.in_([part.track for part in parts if part.is_whole])
    cut = [
        and_(_FACES.track == part.track, _FACES.pts_us.between(part.first_us, part.last_us))
        for part in parts
        if not part.is_whole
    ]
    return or_(whole, *cut)


_COUNTED_BY_BIN: Final = _faces_by_bin(None)
