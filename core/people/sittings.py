"""A person's sittings one by one: when, in which condition, how much was seen, and what the face appeared to show."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from core.calendar_bins import as_datetime
from core.people.longitudinal import Enough, LongitudinalPoint, SessionBin, one_point_of


@dataclass(frozen=True, kw_only=True)
class Sitting:
    """One session of a subject."""

    session: str
    condition: str | None
    began_at: datetime  # the first sampled minute
    point: LongitudinalPoint  # all of it as one bin; estimates None: too little

    @property
    def coverage(self) -> float | None:
        """Share of the sampled frames in which a reading counted; None: no frame was sampled."""
        return self.point.coverage


def sittings_of(bins: Iterable[SessionBin], *, zone: ZoneInfo, enough: Enough) -> tuple[Sitting, ...]:
    """Put a record's bins together by session, in order of time."""
    held: dict[str, list[SessionBin]] = defaultdict(list)
    for each in bins:
        held[each.session].append(each)
    found = [
        Sitting(
            session=session,
            condition=next((each.condition for each in of_session if each.condition), None),
            began_at=as_datetime(min(each.start_us for each in of_session), zone),
            # one session is all there is: what several must be is the bins' question
            point=one_point_of(of_session, Enough(min_readings=enough.min_readings)),
        )
        for session, of_session in held.items()
    ]
    return tuple(sorted(found, key=lambda sitting: (sitting.began_at, sitting.session)))
