"""A subject's sessions out of the store, as narrow bins of wall clock; which media are not among them, and why."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import ColumnElement, Connection, exists, func, or_, select
from sqlalchemy.orm import aliased

from core.people.longitudinal import SessionBin
from core.people.subject_timeline import LeftOut
from core.rollups import CELL_US
from core.time_ranges import EVERYTHING, TimeRange
from db.clock import epoch_us
from db.people.subjects import get_subject
from db.people.track_rollups import sums_of_tracks
from db.subject_tables import AppearanceTable
from db.tables import ActiveGenerationTable, JobTable, MediaTable
from db.timelines.bins import meets
from db.timelines.rollups import FaceGate, sums_by_bin
from db.track_tables import SubjectTrackTable

#: A job whose tracks were assigned, whether it speaks for its media or not.
_TrackJob: Final = aliased(JobTable)


@dataclass(frozen=True, kw_only=True)
class SubjectRecord:
    """What the store knows of a subject over time."""

    bins: tuple[SessionBin, ...]
    model_versions: tuple[str, ...]  # of all of it
    left_out: LeftOut  # of all of it
    conditions: tuple[str, ...] = ()  # of all its sittings


@dataclass(frozen=True, kw_only=True)
class _Sitting:
    session: str
    condition: str | None


def subject_record(
    connection: Connection,
    subject_id: str,
    *,
    bin_us: int = CELL_US,
    gate: FaceGate | None = None,
    span: TimeRange = EVERYTHING,
) -> SubjectRecord:
    """Read a subject's record in bins of UTC. Raises InputError where there is no such subject.

    By default by the minute: sessions are told apart by name, and a time given to the minute parts them exactly.
    With a `span`, which begins and ends where bins do, only its bins; of media beside it no row is read.

    A media counts where it was said when it was filmed and where rows speak for it. Where tracks of these rows were
    assigned to the subject, these are its; else every face is, where it is the only one who is said to be in the media.
    """
    key = get_subject(connection, subject_id).key
    alone = select(AppearanceTable.media_id).group_by(AppearanceTable.media_id).having(func.count() == 1)
    of_subject = (
        select(
            MediaTable.id.label("media_id"),
            AppearanceTable.session,
            AppearanceTable.condition,
            ActiveGenerationTable.job_id,
            JobTable.model_version_id,
        )
        .join(AppearanceTable, AppearanceTable.media_id == MediaTable.id)
        .join(ActiveGenerationTable, ActiveGenerationTable.media_id == MediaTable.id, isouter=True)
        .join(JobTable, JobTable.id == ActiveGenerationTable.job_id, isouter=True)
        .where(AppearanceTable.subject_key == key)
    )
    has_tracks = exists().where(
        SubjectTrackTable.job_id == ActiveGenerationTable.job_id, SubjectTrackTable.subject_key == key
    )
    has_tracks_of_any_generation = MediaTable.id.in_(
        select(_TrackJob.media_id)
        .join(SubjectTrackTable, SubjectTrackTable.job_id == _TrackJob.id)
        .where(SubjectTrackTable.subject_key == key)
    )
    is_alone = MediaTable.id.in_(alone) & ~has_tracks_of_any_generation
    placed = of_subject.where(
        MediaTable.started_at.is_not(None), ActiveGenerationTable.job_id.is_not(None), or_(has_tracks, is_alone)
    )
    sittings: dict[str, _Sitting] = {}
    versions: set[str] = set()
    for row in connection.execute(placed):
        sittings[row.job_id] = _Sitting(session=row.session or row.media_id, condition=row.condition)
        versions.add(row.model_version_id)
    every_face, own_tracks = (
        JobTable.id.in_(placed.where(whose, _is_filmed_in(span)).with_only_columns(ActiveGenerationTable.job_id))
        for whose in (~has_tracks, has_tracks)
    )
    found = [
        *sums_by_bin(connection, every_face, bin_us=bin_us, gate=gate, span=span),
        *sums_of_tracks(connection, key, own_tracks, bin_us=bin_us, gate=gate, span=span),
    ]
    bins = tuple(
        SessionBin(
            start_us=sums.start_us,
            session=sittings[sums.job_id].session,
            condition=sittings[sums.job_id].condition,
            num_frames=sums.num_frames,
            num_face_frames=sums.num_face_frames,
            num_rejected_frames=sums.num_rejected_frames,
            num_undecodable_frames=sums.num_undecodable_frames,
            num_faces=sums.num_faces,
            sum_probs=sums.sum_probs,
        )
        for sums in found
    )

    def number(condition: ColumnElement[bool]) -> int:
        return connection.scalars(select(func.count()).select_from(of_subject.where(condition).subquery())).one()

    left_out = LeftOut(
        num_without_time=number(MediaTable.started_at.is_(None)),
        num_without_rows=number(ActiveGenerationTable.job_id.is_(None)),
        num_shared=number(MediaTable.id.not_in(alone) & ~has_tracks_of_any_generation),
        num_not_assigned_again=number(
            has_tracks_of_any_generation & ~has_tracks & ActiveGenerationTable.job_id.is_not(None)
        ),
    )
    return SubjectRecord(
        bins=bins,
        model_versions=tuple(sorted(versions)),
        left_out=left_out,
        conditions=tuple(sorted({sitting.condition for sitting in sittings.values() if sitting.condition})),
    )


def _is_filmed_in(span: TimeRange) -> ColumnElement[bool]:
    origin_us = epoch_us(MediaTable.started_at)
    return meets(origin_us + MediaTable.start_us, origin_us + MediaTable.end_us, span)
