"""Removing a person from the store, all generations, and what must be removed elsewhere then.

What is only about this subject goes: its media with every job and row of them, its consents, its name. Media in which
other subjects are said to be keep their rows, which are theirs too; the name goes, and its tracks are nobody's. A
tombstone each stops what comes later: a worker that commits late finds no chunk, a submit of the same file or pseudonym
is refused.
"""

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, delete, func, insert, select, update
from sqlalchemy.orm import InstrumentedAttribute

from db.people import audit
from db.people.audit import AuditAction
from db.people.subjects import get_subject, list_subjects
from db.people.tombstones import Tombstone, set_tombstone
from db.row_tables import FaceRollupTable, FaceTable, FrameRollupTable, FrameTable
from db.states import JobQueue
from db.subject_tables import AppearanceTable, BaselineTable, ConsentTable, SubjectFileTable, SubjectTable
from db.tables import ActiveGenerationTable, ChunkTable, JobTable, MediaTable, SubmitTokenTable
from db.track_tables import SubjectEmbeddingTable, SubjectTrackTable, TrackDecisionTable

#: Values in one statement.
_MAX_NAMED: Final = 500


@dataclass(frozen=True, kw_only=True)
class WrittenFile:
    """A file that was written about a subject."""

    path: str  # absolute
    sha256: str


@dataclass(frozen=True, kw_only=True)
class Erasure:
    """What was removed from the store, and what is left for others to remove."""

    erased_at: datetime
    subject: Tombstone
    media: tuple[Tombstone, ...]
    num_rows_by_table: dict[str, int]
    num_shared_media: int  # that keep their rows, without the name
    fragment_keys: tuple[str, ...]  # in Redis
    rung_job_ids: tuple[str, ...]  # of jobs for which messages may lie in Redis
    sha256: tuple[str, ...]  # of the files that were analysed: to find them, never to be kept
    media_paths: tuple[str, ...]  # where they were last seen
    files: tuple[WrittenFile, ...]


@dataclass(frozen=True, kw_only=True)
class RemovedMedia:
    """What went with some media."""

    num_rows_by_table: dict[str, int]
    sha256: tuple[str, ...]  # of the files
    paths: tuple[str, ...]  # where they were last seen
    fragment_keys: tuple[str, ...]  # in Redis
    rung_job_ids: tuple[str, ...]  # of jobs for which messages may lie in Redis


def note_file(connection: Connection, subject_id: str, path: Path) -> None:
    """Remember a file that was written about a subject."""
    row = {"subject_key": get_subject(connection, subject_id).key, "path": str(path.absolute())}
    written = {"sha256": sha256_of(path), "written_at": datetime.now(UTC)}
    where = (SubjectFileTable.subject_key == row["subject_key"], SubjectFileTable.path == row["path"])
    if connection.execute(update(SubjectFileTable).where(*where).values(written)).rowcount == 0:
        connection.execute(insert(SubjectFileTable).values(row | written))


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file, lower-case hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def erase_subject(connection: Connection, subject_id: str, *, actor: str) -> Erasure:
    """Remove a subject, in one transaction. Raises InputError where there is no such subject.

    What is being analysed of it must have been stopped in a transaction before (`subjects.withdraw`): a commit that is
    under way then rolls back, and what is removed here stays removed.
    """
    key = get_subject(connection, subject_id).key
    theirs = select(AppearanceTable.media_id).where(AppearanceTable.subject_key == key)
    shared = select(AppearanceTable.media_id).where(AppearanceTable.subject_key != key)
    media = connection.scalars(theirs.where(AppearanceTable.media_id.not_in(shared))).all()
    num_shared = connection.scalars(
        select(func.count()).select_from(MediaTable).where(MediaTable.id.in_(theirs), MediaTable.id.in_(shared))
    ).one()
    files = connection.execute(
        select(SubjectFileTable.path, SubjectFileTable.sha256).where(SubjectFileTable.subject_key == key)
    ).all()
    gone = remove_media(connection, media)
    removed = dict(gone.num_rows_by_table)
    connection.execute(update(TrackDecisionTable).where(TrackDecisionTable.subject_key == key).values(subject_key=None))
    for column in (
        SubjectEmbeddingTable.subject_key,
        SubjectTrackTable.subject_key,
        AppearanceTable.subject_key,
        BaselineTable.subject_key,
        SubjectFileTable.subject_key,
        ConsentTable.subject_key,
        SubjectTable.key,
    ):
        name = column.class_.__tablename__
        removed[name] = removed.get(name, 0) + _remove(connection, column, [key])
    erasure = Erasure(
        erased_at=datetime.now(UTC),
        subject=set_tombstone(connection, subject_id),
        media=tuple(set_tombstone(connection, sha256) for sha256 in gone.sha256),
        num_rows_by_table=removed,
        num_shared_media=num_shared,
        fragment_keys=gone.fragment_keys,
        rung_job_ids=gone.rung_job_ids,
        sha256=gone.sha256,
        media_paths=gone.paths,
        files=tuple(WrittenFile(path=row.path, sha256=row.sha256) for row in files),
    )
    audit.record(connection, AuditAction.SUBJECT_ERASED, actor=actor, about=key, rows=sum(removed.values()))
    return erasure


def remove_media(connection: Connection, media_ids: Sequence[str]) -> RemovedMedia:
    """Remove media with all jobs, generations and rows of them. Their jobs must be over: see `erase_subject`."""
    # of no media too, so that every table is told of
    gone = [_remove_some_media(connection, some) for some in (list(_some_at_a_time(media_ids)) or [()])]
    num_rows: Counter[str] = Counter()
    for each in gone:
        num_rows.update(each.num_rows_by_table)
    return RemovedMedia(
        num_rows_by_table=dict(num_rows),
        sha256=tuple(value for each in gone for value in each.sha256),
        paths=tuple(value for each in gone for value in each.paths),
        fragment_keys=tuple(value for each in gone for value in each.fragment_keys),
        rung_job_ids=tuple(value for each in gone for value in each.rung_job_ids),
    )


def _remove_some_media(connection: Connection, media_ids: Sequence[str]) -> RemovedMedia:
    media = connection.execute(
        select(MediaTable.sha256, MediaTable.path).where(MediaTable.id.in_(media_ids)).order_by(MediaTable.id)
    ).all()
    jobs = connection.execute(select(JobTable.id, JobTable.queue).where(JobTable.media_id.in_(media_ids))).all()
    job_ids = [job.id for job in jobs]
    of_jobs = select(JobTable.id).where(JobTable.media_id.in_(media_ids))
    fragments = connection.scalars(
        select(ChunkTable.fragment_key).where(ChunkTable.job_id.in_(of_jobs), ChunkTable.fragment_key.is_not(None))
    ).all()
    removed = {
        column.class_.__tablename__: _remove(connection, column, values)
        for column, values in (
            (SubjectEmbeddingTable.job_id, job_ids),
            (SubjectTrackTable.job_id, job_ids),
            (TrackDecisionTable.job_id, job_ids),
            (FaceRollupTable.job_id, job_ids),
            (FrameRollupTable.job_id, job_ids),
            (FaceTable.job_id, job_ids),
            (FrameTable.job_id, job_ids),
            (ActiveGenerationTable.media_id, media_ids),
            (SubmitTokenTable.job_id, job_ids),
            (ChunkTable.job_id, job_ids),
            (JobTable.id, job_ids),
            (AppearanceTable.media_id, media_ids),
            (MediaTable.id, media_ids),
        )
    }
    return RemovedMedia(
        num_rows_by_table=removed,
        sha256=tuple(row.sha256 for row in media),
        paths=tuple(row.path for row in media),
        fragment_keys=tuple(key for key in fragments if key is not None),
        rung_job_ids=tuple(job.id for job in jobs if job.queue is not JobQueue.LOCAL),
    )


def find_erased(connection: Connection, stone: Tombstone) -> str | None:
    """Return the subject that a tombstone of another store, or of a later state of this one, says was erased."""
    return next((subject.id for subject in list_subjects(connection) if stone.covers(subject.id)), None)


def _remove(connection: Connection, column: InstrumentedAttribute[str], values: Sequence[str]) -> int:
    return sum(
        connection.execute(delete(column.class_).where(column.in_(some))).rowcount for some in _some_at_a_time(values)
    )


def _some_at_a_time(values: Sequence[str]) -> Iterator[Sequence[str]]:
    """Part values: databases bound how many a statement may name."""
    for start in range(0, len(values), _MAX_NAMED):
        yield values[start : start + _MAX_NAMED]
