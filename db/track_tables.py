"""The tables of who is who: what was decided about tracks, which are a subject's now, and what its faces look like."""

from datetime import datetime

from sqlalchemy import Enum, ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from core.tracks.state import DecisionKind
from db.tables import Table


class TrackDecisionTable(Table):
    """One decision about a job's tracks. Only added to, save that erasing a subject takes its key out."""

    __tablename__ = "track_decision"

    job_id: Mapped[str] = mapped_column(ForeignKey("job.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)  # of the job's, from 1
    kind: Mapped[DecisionKind] = mapped_column(
        Enum(DecisionKind, native_enum=False, length=16, values_callable=lambda kind: [each.value for each in kind])
    )
    tracks: Mapped[str]  # JSON: person tracks by their numbers at that time
    subject_key: Mapped[str | None] = mapped_column(ForeignKey("subject.key"), index=True)
    at_us: Mapped[int | None]
    new_track: Mapped[int | None]
    undoes: Mapped[int | None]
    missing_chunks: Mapped[str]  # JSON: of the job, that had no rows then
    actor: Mapped[str]
    made_at: Mapped[datetime]


class SubjectTrackTable(Table):
    """What of a job's tracks is a subject's now: made of the decisions anew with each, so that records need no more."""

    __tablename__ = "subject_track"

    job_id: Mapped[str] = mapped_column(ForeignKey("job.id"), primary_key=True)
    track: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)  # of a chunk, as in face_row
    first_us: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last_us: Mapped[int]  # inclusive
    is_whole: Mapped[bool]  # all of the track: its sums may be read
    person_track: Mapped[int]
    subject_key: Mapped[str] = mapped_column(ForeignKey("subject.key"), index=True)


class SubjectEmbeddingTable(Table):
    """What a subject's face looks like in one person track (core.tracks.likeness), to one network."""

    __tablename__ = "subject_embedding"

    job_id: Mapped[str] = mapped_column(ForeignKey("job.id"), primary_key=True)
    person_track: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    weights_sha256: Mapped[str] = mapped_column(primary_key=True)  # of the network's weights
    subject_key: Mapped[str] = mapped_column(ForeignKey("subject.key"), index=True)
    vector: Mapped[bytes] = mapped_column(LargeBinary)  # float32, little-endian
