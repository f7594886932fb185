"""The media whose readings may be learned from: those with rows, of whose people a consent holds now."""

from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from db.people.subjects import media_without_consent
from db.subject_tables import AppearanceTable, SubjectTable
from db.tables import ActiveGenerationTable, JobTable, MediaTable
from db.track_tables import TrackDecisionTable


@dataclass(frozen=True, kw_only=True)
class HistoryMedia:
    """A media with at most one subject."""

    media_id: str
    job_id: str
    model_version: str
    subject_key: str | None  # None: nobody is named in it
    subject_id: str | None
    session: str | None  # None: the media is a session of its own


@dataclass(frozen=True, kw_only=True)
class Histories:
    """What may be learned from, and how much may not."""

    media: tuple[HistoryMedia, ...]  # by id
    num_without_consent: int
    num_shared: int  # several subjects are in them, or tracks were decided on: not every face is one person's


def histories(connection: Connection, study_id: str | None = None) -> Histories:
    """Return the media of a study's subjects, or of the whole store, that may be learned from."""
    num_subjects = (
        select(AppearanceTable.media_id, func.count().label("num_subjects"))
        .group_by(AppearanceTable.media_id)
        .subquery()
    )
    wanted = (
        select(
            MediaTable.id.label("media_id"),
            ActiveGenerationTable.job_id,
            JobTable.model_version_id.label("model_version"),
            AppearanceTable.subject_key,
            SubjectTable.id.label("subject_id"),
            AppearanceTable.session,
            func.coalesce(num_subjects.c.num_subjects, 0).label("num_subjects"),
        )
        .join(ActiveGenerationTable, ActiveGenerationTable.media_id == MediaTable.id)
        .join(JobTable, JobTable.id == ActiveGenerationTable.job_id)
        .join(AppearanceTable, AppearanceTable.media_id == MediaTable.id, isouter=True)
        .join(SubjectTable, SubjectTable.key == AppearanceTable.subject_key, isouter=True)
        .join(num_subjects, num_subjects.c.media_id == MediaTable.id, isouter=True)
        .order_by(MediaTable.id, AppearanceTable.subject_key)
    )
    if study_id is not None:
        wanted = wanted.where(SubjectTable.study_id == study_id)
    rows = connection.execute(wanted).all()
    of_decisions = select(JobTable.media_id).join(TrackDecisionTable, TrackDecisionTable.job_id == JobTable.id)
    decided = set(connection.scalars(of_decisions))
    shared = {row.media_id for row in rows if row.num_subjects > 1 or row.media_id in decided}
    refused = media_without_consent(connection, [row.media_id for row in rows if row.subject_key]) - shared
    names = HistoryMedia.__dataclass_fields__
    return Histories(
        media=tuple(
            HistoryMedia(**{name: row._mapping[name] for name in names})
            for row in rows
            if row.media_id not in shared | refused
        ),
        num_without_consent=len(refused),
        num_shared=len(shared),
    )
