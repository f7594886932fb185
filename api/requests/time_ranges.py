"""From when until when a question is about: seconds of presentation time, half-open, and no longer than any media."""

from typing import Annotated, Final

from fastapi import Query

from api.problems import Problem
from db.timelines.frame_ranges import Span

#: The longest stretch that one question may be about: more than any media is long.
MAX_RANGE_SECONDS: Final = 24 * 3600.0
_FAR_SECONDS: Final = 1e9

_Seconds = Query(ge=-_FAR_SECONDS, le=_FAR_SECONDS, allow_inf_nan=False)
FromSeconds = Annotated[float | None, Query(alias="from", description="Seconds, inclusive."), _Seconds]
UntilSeconds = Annotated[float | None, Query(alias="until", description="Seconds, exclusive."), _Seconds]


def span_of(from_seconds: float | None, until_seconds: float | None) -> Span:
    """Return a range in microseconds; what is left open reaches beyond any media. Raises Problem where it is none."""
    _refuse_wide(from_seconds, until_seconds)
    begin = -_FAR_SECONDS if from_seconds is None else from_seconds
    end = _FAR_SECONDS if until_seconds is None else until_seconds
    return round(begin * 1e6), round(end * 1e6)


def _refuse_wide(from_seconds: float | None, until_seconds: float | None) -> None:
    if from_seconds is None or until_seconds is None:
        return
    if until_seconds <= from_seconds:
        raise Problem(422, "RANGE_EMPTY", f"until={until_seconds:g} is not after from={from_seconds:g}")
    if until_seconds - from_seconds > MAX_RANGE_SECONDS:
        raise Problem(
            422,
            "RANGE_TOO_LARGE",
            f"from={from_seconds:g} until={until_seconds:g}: {MAX_RANGE_SECONDS:,.0f} s at most; "
            "leave both out for the whole media, page by page",
        )
