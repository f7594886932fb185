"""The media of a study in which one subject is to be seen, and what was read there between two times.

Media with decisions about tracks are not among them: not every face there is the subject's.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath

import numpy as np
from sqlalchemy import Connection, func, select

from core.emotions import top_emotion
from db.observations import PROB_COLUMNS
from db.row_tables import FaceTable
from db.subject_tables import AppearanceTable, SubjectTable
from db.tables import ActiveGenerationTable, JobTable, MediaTable
from db.track_tables import TrackDecisionTable


@dataclass(frozen=True, kw_only=True)
class StudyMedia:
    """A media whose rows speak for one subject of a study."""

    media_id: str
    path: str
    subject_key: str
    group: str | None
    job_id: str
    model_version: str


def media_of_study(connection: Connection, study_id: str) -> list[StudyMedia]:
    """Return a study's media that have rows, in which nobody else is said to be and no track was decided on, by id."""
    alone = select(AppearanceTable.media_id).group_by(AppearanceTable.media_id).having(func.count() == 1)
    decided = select(JobTable.media_id).join(TrackDecisionTable, TrackDecisionTable.job_id == JobTable.id)
    rows = connection.execute(
        select(
            MediaTable.id.label("media_id"),
            MediaTable.path,
            AppearanceTable.subject_key,
            SubjectTable.group_name.label("group"),
            ActiveGenerationTable.job_id,
            JobTable.model_version_id.label("model_version"),
        )
        .join(AppearanceTable, AppearanceTable.media_id == MediaTable.id)
        .join(SubjectTable, SubjectTable.key == AppearanceTable.subject_key)
        .join(ActiveGenerationTable, ActiveGenerationTable.media_id == MediaTable.id)
        .join(JobTable, JobTable.id == ActiveGenerationTable.job_id)
        .where(SubjectTable.study_id == study_id, MediaTable.id.in_(alone), MediaTable.id.not_in(decided))
        .order_by(MediaTable.id)
    )
    return [StudyMedia(**row._mapping) for row in rows]


def media_named(media: Sequence[StudyMedia], reference: str) -> list[StudyMedia]:
    """Return the media that an id, a path or a file's name means: none, one or several."""
    exact = [each for each in media if reference in (each.media_id, each.path)]
    return exact or [each for each in media if PurePath(each.path).name == reference]


def top_of_spans(connection: Connection, job_id: str, spans_us: Sequence[tuple[int, int]]) -> list[str | None]:
    """Return what the counted readings of each span [start, end) show most, by their mean; None: there is none.

    The job's faces are read once, however many spans there are.
    """
    columns = FaceTable.__table__.c
    rows = connection.execute(
        select(FaceTable.pts_us, *(columns[name] for name in PROB_COLUMNS)).where(
            FaceTable.job_id == job_id,
            FaceTable.abstained.is_(False),
            FaceTable.pts_us >= min(start for start, _ in spans_us),
            FaceTable.pts_us < max(end for _, end in spans_us),
        )
    ).all()
    if not rows:
        return [None] * len(spans_us)
    times_us = np.array([row[0] for row in rows], dtype=np.int64)
    probs = np.array([row[1:] for row in rows])  # (M, 7)
    order = np.argsort(times_us, kind="stable")
    times_us, probs = times_us[order], probs[order]
    borders = [np.searchsorted(times_us, span, side="left") for span in spans_us]
    return [
        top_emotion(tuple(probs[first:last].mean(axis=0).tolist())) if last > first else None for first, last in borders
    ]
