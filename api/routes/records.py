"""A person's record over days to months: for pages, as files for other programs, and what a file was made of."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request
from starlette.responses import StreamingResponse

from api.files.exported import FILES, ExportForm, exported, exported_manifest
from api.own_subjects import find_subject, log_view
from api.parts import OwnerOf, Parts, PartsOf
from api.problems import documented
from api.requests.record_questions import Asked, asked_text, refuse_many
from core.exports.subject_rows import subject_table
from core.people.longitudinal_document import subject_timeline_document
from core.people.subject_timeline import SubjectTimeline
from db.archive.provenance import sources_of_subject
from db.people.subject_timelines import RecordQuestion, subject_timeline

router = APIRouter(prefix="/v1/subjects", tags=["subjects"])

#: Files travel: their names tell nobody's pseudonym.
_NAME: Final = "subject.timeline"


@router.get("/{subject_id}/timeline", responses=documented())
def show_record(parts: PartsOf, owner: OwnerOf, asked: Asked) -> dict[str, Any]:
    """Tell what a person's face appeared to show over days to months. Looking is logged."""
    return subject_timeline_document(_looked_at(parts, owner, asked, form="json"))


@router.get("/{subject_id}/timeline.manifest.json", responses=documented())
def show_manifest(
    request: Request,
    parts: PartsOf,
    owner: OwnerOf,
    asked: Asked,
    form: Annotated[ExportForm, Query(description="Of which file.")] = ExportForm.CSV,
) -> dict[str, Any]:
    """Tell what the file of the same question is, what its columns mean, and all that it was made of."""
    table = subject_table(_looked_at(parts, owner, asked, form="manifest"))
    with parts.store.reading() as connection:
        sources = sources_of_subject(connection, asked.subject_id)
    return exported_manifest(
        table,
        form,
        name=f"{_NAME}.{form}",
        question=asked.document(),
        sources=sources,
        address=request.url.path + (f"?{request.url.query}" if request.url.query else ""),
    )


@router.get("/{subject_id}/timeline.{form}", responses=documented() | FILES, response_class=StreamingResponse)
def export_record(parts: PartsOf, owner: OwnerOf, form: ExportForm, asked: Asked) -> StreamingResponse:
    """Give the record out as a file, the same bytes as `moodline subject timeline`; its columns: docs/formats.md."""
    found = _looked_at(parts, owner, asked, form=form.value)
    return exported(subject_table(found), form, name=f"{_NAME}.{form}")


def _looked_at(parts: Parts, owner: str, asked: RecordQuestion, *, form: str) -> SubjectTimeline:
    """Answer a question, and log that it was asked."""
    subject = find_subject(parts, owner, asked.subject_id)
    refuse_many(parts, asked)
    with parts.store.reading() as connection:
        found = subject_timeline(connection, asked)
    viewed = {"bin": asked.width.text, "zone": str(asked.zone), "span": asked_text(asked.span), "format": form}
    log_view(parts, owner, subject, **viewed)
    return found
