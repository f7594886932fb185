"""What a person's record rests on and says: sittings, own baselines, and whether it changed. Looking is logged."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Query

from api.documents.sittings import sitting_documents
from api.own_subjects import find_subject, log_view
from api.paging import cursor_of, read_cursor
from api.parts import Cursor, Limit, OwnerOf, PartsOf, SubjectId
from api.problems import documented
from api.requests.record_questions import BaselineText, Condition, MinReadings, Zone
from core.calendar_bins import parse_zone
from core.change.document import changes_document
from core.change.search import Search, find_changes
from core.documents import NOTICE
from core.people.longitudinal import MEASURES, Enough
from core.people.longitudinal_document import baseline_document
from core.people.session_series import series_of
from core.people.sittings import sittings_of
from db.people.baselines import list_baselines
from db.people.longitudinal import subject_record
from db.people.sitting_media import sitting_media
from db.people.subject_timelines import of_condition, own_baseline, refuse_several_models

router = APIRouter(prefix="/v1/subjects", tags=["subjects"])

#: Each is a search over all sessions again.
_MAX_SHUFFLES: Final = 9_999


@router.get("/{subject_id}/sessions", responses=documented())
def list_sittings(
    parts: PartsOf,
    owner: OwnerOf,
    subject_id: SubjectId,
    zone: Zone = "UTC",
    min_readings: MinReadings = 10,
    cursor: Cursor = None,
    limit: Limit = 100,
) -> dict[str, Any]:
    """List a person's sittings in order of time: how far each is analysed, and what the face appeared to show."""
    in_zone = parse_zone(zone)
    after = 0 if cursor is None else max(0, read_cursor(cursor, int)[0])
    subject = find_subject(parts, owner, subject_id)
    with parts.store.reading() as connection:
        media = sitting_media(connection, subject_id)
        record = subject_record(connection, subject_id)
    sittings = sittings_of(record.bins, zone=in_zone, enough=Enough(min_readings=min_readings))
    found = sitting_documents(media, sittings, zone=in_zone)
    log_view(parts, owner, subject, format="sessions")
    return {
        "subject_id": subject_id,
        "zone": zone,
        "model_versions": list(record.model_versions),
        "notice": NOTICE,
        "sessions": found[after : after + limit],
        "next_cursor": cursor_of(after + limit) if len(found) > after + limit else None,
    }


@router.get("/{subject_id}/changes", responses=documented())
def show_changes(
    parts: PartsOf,
    owner: OwnerOf,
    subject_id: SubjectId,
    measure: Annotated[list[str], Query(max_length=8, description="Look at these only; none: all eight.")] = [],  # noqa: B006 - never changed
    baseline: BaselineText = None,
    condition: Condition = None,
    alpha: Annotated[float, Query(gt=0, lt=1, allow_inf_nan=False, description="Chance of any false finding.")] = 0.05,
    shuffles: Annotated[int, Query(ge=1, le=_MAX_SHUFFLES, description="Shuffled records to compare with.")] = 1999,
    seed: Annotated[int, Query(ge=0, le=2**31, description="The same one, the same answer.")] = 0,
    together: Annotated[int, Query(ge=1, le=1000, description="Sessions in a row that are shuffled together.")] = 1,
    min_readings: MinReadings = 10,
    zone: Zone = "UTC",
) -> dict[str, Any]:
    """Look for change in a person's record, each told with the chance of a false alarm. It is no diagnosis."""
    search = Search(
        measures=tuple(dict.fromkeys(measure or MEASURES)),
        alpha=alpha,
        num_shuffles=shuffles,
        seed=seed,
        num_together=together,
    )
    parse_zone(zone)
    subject = find_subject(parts, owner, subject_id)
    with parts.store.reading() as connection:
        record = subject_record(connection, subject_id)
        bins = of_condition(record, subject_id, condition)
        own = None if baseline is None else own_baseline(connection, subject_id, baseline, record)
    refuse_several_models(subject_id, record)
    found = find_changes(series_of(bins, min_readings=min_readings), search, baseline=own)
    log_view(parts, owner, subject, looked_for="changes")
    return changes_document(found, subject_id=subject_id, zone_name=zone)


@router.get("/{subject_id}/baselines", responses=documented())
def show_baselines(parts: PartsOf, owner: OwnerOf, subject_id: SubjectId) -> dict[str, Any]:
    """List a person's own baselines, the newest first: what each is of, and what the face appeared to show then."""
    subject = find_subject(parts, owner, subject_id)
    with parts.store.reading() as connection:
        found = list_baselines(connection, subject_id)
    log_view(parts, owner, subject, format="baselines")
    baselines = [baseline_document(each) | {"model_versions": list(each.model_versions)} for each in found]
    return {"subject_id": subject_id, "notice": NOTICE, "baselines": baselines}
