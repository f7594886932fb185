"""A person's record as it is given out: bins in order of time, what they are measured from, what is missing. No SQL."""

from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from core.calendar_bins import BinWidth
from core.people.baseline import Baseline
from core.people.longitudinal import Enough, LongitudinalPoint


@dataclass(frozen=True, kw_only=True)
class LeftOut:
    """Media of a subject that are not in its record, and why."""

    num_without_time: int  # nobody said when they were filmed
    num_without_rows: int  # not analysed, or not to the end
    num_shared: int  # several subjects are in them, and which face is whose was not said
    num_not_assigned_again: int = 0  # its tracks were assigned in rows of before; those that speak now have others


@dataclass(frozen=True, kw_only=True)
class SubjectTimeline:
    """A subject's record, bin by bin from its first to its last frame."""

    subject_id: str
    width: BinWidth
    zone: ZoneInfo
    enough: Enough
    points: tuple[LongitudinalPoint, ...]  # in order of time, without a hole; empty: nothing was seen
    model_versions: tuple[str, ...]  # that spoke
    left_out: LeftOut
    baseline: Baseline | None = None  # that changes are measured from; None: raw values only

    def to_pandas(self) -> Any:
        """Return a pandas.DataFrame, a row a bin and measure; its columns: core.exports.subject_rows."""
        from core.exports.subject_rows import subject_table

        return subject_table(self).to_pandas()
