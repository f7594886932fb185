"""A person's sittings as JSON: also those that were not analysed yet, or of which nobody knows when they were."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from core.people.longitudinal_document import estimates_document
from core.people.sittings import Sitting
from db.people.sitting_media import SittingMedia


def sitting_documents(
    media: Iterable[SittingMedia], sittings: Iterable[Sitting], *, zone: ZoneInfo
) -> list[dict[str, Any]]:
    """Return a document a sitting, in order of time, those of unknown time last."""
    of_session: dict[str, list[SittingMedia]] = defaultdict(list)
    for each in media:
        of_session[each.session].append(each)
    seen = {sitting.session: sitting for sitting in sittings}
    return [_document(session, held, seen.get(session), zone) for session, held in of_session.items()]


def _document(session: str, media: list[SittingMedia], seen: Sitting | None, zone: ZoneInfo) -> dict[str, Any]:
    point = None if seen is None else seen.point
    first = media[0]
    return {
        "session": session,
        "condition": next((each.condition for each in media if each.condition), None),
        "started_at": _text(first.started_at, zone),
        "ended_at": _text(max((each.ended_at for each in media if each.ended_at), default=None), zone),
        "media_id": first.media_id,
        "state": None if first.state is None else first.state.value,
        "num_frames": 0 if point is None else point.num_frames,
        "num_readings": 0 if point is None else point.num_readings,
        "coverage": None if point is None or point.coverage is None else round(point.coverage, 6),
        "estimates": None if point is None else estimates_document(point.estimates),
        "media": [
            {
                "media_id": each.media_id,
                "started_at": _text(each.started_at, zone),
                "ended_at": _text(each.ended_at, zone),
                "job_id": each.job_id,
                "state": None if each.state is None else each.state.value,
            }
            for each in media
        ],
    }


def _text(moment: datetime | None, zone: ZoneInfo) -> str | None:
    return None if moment is None else moment.astimezone(zone).isoformat()
