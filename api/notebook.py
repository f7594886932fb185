"""For notebooks and scripts: what the store knows, as typed objects that turn into data frames.

    from api.notebook import Archive

    with Archive("sqlite:///moodline.db") as archive:
        archive.timeline("clip.mp4", bin="1s").to_pandas()
        archive.subject_timeline("S01", bin="1w", zone="Europe/Berlin").to_pandas()

Times in a media are presentation time; those of a person's record are wall clock. Whatever is answered is what faces
appeared to show, not what anybody felt. Raises InputError for whatever is not there, in one line.
"""

from pathlib import Path
from types import TracebackType
from typing import Any, Self

from core.calendar_bins import parse_width, parse_zone
from core.exports.frame_rows import frame_table
from core.people.longitudinal import Enough
from core.people.subject_timeline import SubjectTimeline
from core.time_widths import parse_bin
from core.timeline import Timeline
from db.observations import stream_frames
from db.people import audit
from db.people.subject_timelines import RecordQuestion, subject_timeline
from db.people.subjects import get_subject
from db.store import open_existing_store
from db.stored_media import find_stored_media
from db.timelines import timelines
from db.timelines.rollups import FaceGate


class Archive:
    """A store of rows, opened for reading. Looking at a person's record is logged, as it is for commands."""

    def __init__(self, db_url: str, *, actor: str = "notebook") -> None:
        """Open the store; `actor` is who the audit log says has looked."""
        self._store = open_existing_store(db_url)
        self._actor = actor

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Close the store."""
        self._store.close()

    def timeline(self, media: str | Path, *, bin: str = "1s") -> Timeline:  # noqa: A002 - the command's own word
        """Return a media's timeline. `media` is an id or a file; `bin` is "0.1s", "500ms", "2m", or "whole"."""
        job = find_stored_media(self._store, str(media)).job
        with self._store.reading() as connection:
            return timelines.timeline(connection, job.id, bin_us=parse_bin(bin))

    def frames(self, media: str | Path) -> Any:
        """Return every sampled frame of a media as a pandas.DataFrame: one row a face, one for a frame without."""
        job = find_stored_media(self._store, str(media)).job
        with self._store.reading() as connection:
            return frame_table(stream_frames(connection, job.id)).to_pandas()

    def subject_timeline(
        self,
        subject: str,
        *,
        bin: str = "1d",  # noqa: A002 - the command's own word
        zone: str = "UTC",
        condition: str | None = None,
        baseline: str | int | None = None,
        enough: Enough | None = None,
        gate: FaceGate | None = None,
    ) -> SubjectTimeline:
        """Return a person's record: means over sessions in bins ("1s" to "1h", "1d", "1w", "1mo") of a named time zone.

        `baseline` is "newest" or a number; `enough` says what a bin needs to have a value, `gate` which faces count.
        """
        asked = RecordQuestion(
            subject_id=subject,
            width=parse_width(bin),
            zone=parse_zone(zone),
            enough=enough or Enough(),
            condition=condition,
            gate=gate,
            baseline=None if baseline is None else str(baseline),
        )
        with self._store.reading() as connection:
            found = subject_timeline(connection, asked)
            key = get_subject(connection, subject).key
        with self._store.writing() as connection:
            audit.record(
                connection, audit.AuditAction.TIMELINE_VIEWED, actor=self._actor, about=key, bin=bin, zone=zone
            )
        return found
