"""Subjects and their records. They are kept by whoever runs the command line: only the local owner sees them."""

from datetime import timedelta
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query

from api.documents import subject_document
from api.examples import SUBJECT, answered
from api.paging import cursor_of, read_cursor
from api.parts import Cursor, Limit, OwnerOf, PartsOf, SubjectId
from api.problems import Problem, documented
from api.submitting import no_subject
from core.calendar_bins import BinWidth, parse_width, parse_zone
from core.longitudinal import Enough
from core.longitudinal_document import subject_timeline_document
from core.subjects import Subject
from db import audit
from db.owned import LOCAL_OWNER
from db.subject_timelines import RecordQuestion, record_extent, subject_timeline
from db.subjects import list_subjects

router = APIRouter(prefix="/v1/subjects", tags=["subjects"])

MAX_NUM_POINTS: Final = 20_000
_PLAIN: Final = r"^[^\x00-\x1f\x7f]{1,200}$"


@router.get("", responses=documented() | answered({"subjects": [SUBJECT], "next_cursor": None}))
def show_subjects(parts: PartsOf, owner: OwnerOf, cursor: Cursor = None, limit: Limit = 100) -> dict[str, Any]:
    """List the subjects by pseudonym, with what allows their analysis now."""
    after = None if cursor is None else read_cursor(cursor, str)[0]
    found = [subject for subject in _subjects(parts, owner) if after is None or subject.id > after]
    more = cursor_of(found[limit - 1].id) if len(found) > limit else None
    return {"subjects": [subject_document(subject) for subject in found[:limit]], "next_cursor": more}


@router.get("/{subject_id}", responses=documented() | answered(SUBJECT))
def show_subject(parts: PartsOf, owner: OwnerOf, subject_id: SubjectId) -> dict[str, Any]:
    """Tell of a subject."""
    return subject_document(_find(parts, owner, subject_id))


@router.get("/{subject_id}/timeline", responses=documented())
def show_record(
    parts: PartsOf,
    owner: OwnerOf,
    subject_id: SubjectId,
    bin_text: Annotated[str, Query(alias="bin", max_length=20, description="1s … 1h, 1d, 1w, 1mo")] = "1d",
    zone: Annotated[str, Query(pattern=r"^[A-Za-z0-9_+/-]{1,60}$", description="Whose days: Europe/Berlin.")] = "UTC",
    condition: Annotated[str | None, Query(pattern=_PLAIN)] = None,
    baseline: Annotated[str | None, Query(pattern=r"^(newest|[0-9]{1,6})$", description="newest, or a number")] = None,
    min_readings: Annotated[int, Query(ge=1, le=1_000_000)] = 10,
    min_sessions: Annotated[int, Query(ge=1, le=1_000_000)] = 1,
) -> dict[str, Any]:
    """Tell what a person's face appeared to show over days to months. Looking is logged."""
    width = parse_width(bin_text)
    asked = RecordQuestion(
        subject_id=subject_id,
        width=width,
        zone=parse_zone(zone),
        condition=condition,
        enough=Enough(min_readings=min_readings, min_sessions=min_sessions),
        baseline=baseline,
    )
    subject = _find(parts, owner, subject_id)
    with parts.store.reading() as connection:
        _refuse_many(record_extent(connection, subject_id), width)
        found = subject_timeline(connection, asked)
    with parts.store.writing() as connection:
        viewed = {"bin": bin_text, "zone": zone, "format": "json"}
        audit.record(connection, audit.AuditAction.TIMELINE_VIEWED, actor=f"api:{owner}", about=subject.key, **viewed)
    return subject_timeline_document(found)


def _subjects(parts: PartsOf, owner: str) -> list[Subject]:
    if owner != LOCAL_OWNER:
        return []
    with parts.store.reading() as connection:
        return sorted(list_subjects(connection), key=lambda subject: subject.id)


def _find(parts: PartsOf, owner: str, subject_id: str) -> Subject:
    found = next((subject for subject in _subjects(parts, owner) if subject.id == subject_id), None)
    if found is None:
        raise no_subject(subject_id)
    return found


def _refuse_many(extent: timedelta, width: BinWidth) -> None:
    """Refuse before a row is read; days, weeks and months are never too many."""
    if width.clock_us is None:
        return
    num_points = extent // timedelta(microseconds=width.clock_us)
    if num_points > MAX_NUM_POINTS:
        raise Problem(
            422,
            "TOO_MANY_POINTS",
            f"bin={width.text}: {num_points:,} points over {extent.days:,} days, {MAX_NUM_POINTS:,} at most: widen it",
        )
