"""The media in a store: list them, and find the one that a person means. Reads only."""

from dataclasses import fields
from typing import Any, Final

from sqlalchemy import Connection, Row, func, select

from core.errors import InputError
from core.media import MediaInfo
from db.identity import ID_LENGTH
from db.jobs import readable_job
from db.records import MediaRecord, MediaSummary
from db.tables import JobTable, MediaTable

_FIELDS: Final = tuple(field.name for field in fields(MediaRecord))
#: Of a probe: the chunks are cut already, and what a file says of its time may be believed or not.
_NOT_STORED: Final = ("cut_points", "recorded_at_text")

_PROBED: Final = tuple(field.name for field in fields(MediaInfo) if field.name not in _NOT_STORED)


def list_media(connection: Connection) -> list[MediaSummary]:
    """Return every media with the job whose rows speak for it, the newest first."""
    counts = select(JobTable.media_id, func.count()).group_by(JobTable.media_id)
    num_jobs = {row[0]: row[1] for row in connection.execute(counts)}
    rows = connection.execute(select(MediaTable.__table__).order_by(MediaTable.created_at.desc(), MediaTable.id)).all()
    return [
        MediaSummary(media=media_record(row), num_jobs=num_jobs.get(row.id, 0), job=readable_job(connection, row.id))
        for row in rows
    ]


def get_media(connection: Connection, media_id: str) -> MediaRecord:
    """Return the media with this id; it must exist."""
    return media_record(connection.execute(select(MediaTable.__table__).where(MediaTable.id == media_id)).one())


def info_of(media: MediaRecord) -> MediaInfo:
    """Return what the probe found, without the cut points: the chunks are cut already."""
    return MediaInfo(cut_points=(), **{name: getattr(media, name) for name in _PROBED})


def find_media(connection: Connection, reference: str) -> MediaRecord:
    """Return the one media that `reference` means: its SHA-256, the start of its id, or the start of a job's id."""
    by_media = select(MediaTable.id).where(MediaTable.id.startswith(reference[:ID_LENGTH], autoescape=True))
    by_job = select(JobTable.media_id).where(JobTable.id.startswith(reference, autoescape=True))
    found = connection.execute(select(MediaTable.__table__).where(MediaTable.id.in_(by_media.union(by_job)))).all()
    matches = [media_record(row) for row in found if len(reference) <= ID_LENGTH or row.sha256.startswith(reference)]
    if not reference or not matches:
        raise InputError(f"the store has no media or job {reference!r}: `moodline media` shows what it has")
    if len(matches) > 1:
        names = ", ".join(f"{media.id} ({media.path})" for media in matches[:5])
        raise InputError(f"{reference!r} may mean any of {len(matches)} media: {names}; give more of the id")
    return matches[0]


def media_record(row: Row[Any]) -> MediaRecord:
    """Return the media in a row of MediaTable."""
    return MediaRecord(**{name: row._mapping[name] for name in _FIELDS})
