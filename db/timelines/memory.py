"""Sums by the second of jobs that are over, remembered a minute at a time: viewers look at the same stretches again.

Rows of a job that is over stay as they are until it is resumed, which changes when it was over, or removed with it.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import groupby
from typing import Final

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from core.emotions import EMOTIONS
from db.records import JobRecord
from db.states import UNFINISHED
from db.timelines.frame_ranges import Span
from db.timelines.sums import PointSums, Sums, sums_of_rows

_SECOND_US: Final = 1_000_000
_SECONDS: Final = 60  # of one block
_BLOCK_US: Final = _SECONDS * _SECOND_US

#: Wider bins are read from the sums by the minute that are stored.
MAX_BIN_US: Final = _BLOCK_US

#: Some five kilobytes each.
_MAX_BLOCKS: Final = 4_000

#: What was erased from the store must not live on here for long.
_KEPT_SECONDS: Final = 600.0

_NUM_READERS: Final = 64
_PATIENCE_SECONDS: Final = 2.0

_COUNTS: Final = ("num_frames", "num_face_frames", "num_rejected_frames", "num_undecodable_frames", "num_faces")
_NUM_COLUMNS: Final = len(_COUNTS) + len(EMOTIONS)

_Key = tuple[str, datetime | None, int, int]  # job, when it was over, its frames, minute
_Block = NDArray[np.float64]  # (60, 12): the counts, and sums of probabilities; counts are exact


class TimelineMemory:
    """Remembers sums. Threads may share it."""

    def __init__(self) -> None:
        self._blocks: OrderedDict[_Key, tuple[float, _Block]] = OrderedDict()  # when it was read, oldest first
        self._lock = threading.Lock()
        self._reading = tuple(threading.Lock() for _ in range(_NUM_READERS))  # of some jobs each

    @staticmethod
    def fits(job: JobRecord, bin_us: int) -> bool:
        """Whether a job's sums for bins of this width can be remembered."""
        return job.state not in UNFINISHED and bin_us % _SECOND_US == 0 and bin_us < MAX_BIN_US

    def sums(self, connection: Connection, job: JobRecord, span: Span, *, bin_us: int) -> Sums:
        """Add up the rows of a span that begins and ends with a bin; what is not known is read."""
        minutes = range(span[0] // _BLOCK_US, -(-span[1] // _BLOCK_US))
        blocks = self._known(job, minutes)
        if len(blocks) < len(minutes):
            blocks = self._with_missing(connection, job, minutes)
        seconds = np.concatenate([blocks[minute] for minute in minutes])  # (60 N, 12)
        begin = (span[0] - minutes.start * _BLOCK_US) // _SECOND_US
        end = begin + (span[1] - span[0]) // _SECOND_US
        bins = seconds[begin:end].reshape(-1, bin_us // _SECOND_US, _NUM_COLUMNS).sum(axis=1)  # (num bins, 12)
        return {span[0] + index * bin_us: _point_sums(row) for index, row in enumerate(bins.tolist()) if row[0]}

    def _with_missing(self, connection: Connection, job: JobRecord, minutes: Sequence[int]) -> dict[int, _Block]:
        """Read what is not known. Of viewers who begin at once one reads, and the others wait for it, but not long."""
        reading = self._reading[hash(job.id) % len(self._reading)]
        is_mine = reading.acquire(timeout=_PATIENCE_SECONDS)
        try:
            blocks = self._known(job, minutes)
            for first, last in _runs([minute for minute in minutes if minute not in blocks]):
                span = (first * _BLOCK_US, (last + 1) * _BLOCK_US)
                read = sums_of_rows(connection, job.id, span, bin_us=_SECOND_US)
                blocks |= _in_blocks(read, range(first, last + 1))
            self._remember(job, blocks)
        finally:
            if is_mine:
                reading.release()
        return blocks

    def _known(self, job: JobRecord, minutes: Sequence[int]) -> dict[int, _Block]:
        oldest = time.monotonic() - _KEPT_SECONDS
        self._remember(job, {})  # what is too old goes
        with self._lock:
            found = {minute: self._blocks.get(_key(job, minute)) for minute in minutes}
        return {minute: held[1] for minute, held in found.items() if held is not None and held[0] > oldest}

    def _remember(self, job: JobRecord, blocks: dict[int, _Block]) -> None:
        now = time.monotonic()
        with self._lock:
            for minute, block in blocks.items():
                self._blocks.setdefault(_key(job, minute), (now, block))
            while self._blocks:
                key, (read_at, _) = next(iter(self._blocks.items()))
                if len(self._blocks) <= _MAX_BLOCKS and now - read_at < _KEPT_SECONDS:
                    break
                del self._blocks[key]


def _key(job: JobRecord, minute: int) -> _Key:
    return job.id, job.finished_at, job.num_frames, minute


def _runs(minutes: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield the first and last of each row of neighbours."""
    for _, group in groupby(enumerate(minutes), key=lambda pair: pair[1] - pair[0]):
        run = [minute for _, minute in group]
        yield run[0], run[-1]


def _in_blocks(sums: Sums, minutes: range) -> dict[int, _Block]:
    blocks = {minute: np.zeros((_SECONDS, _NUM_COLUMNS)) for minute in minutes}
    for start_us, each in sums.items():
        row = [*(getattr(each, name) for name in _COUNTS), *each.sum_probs]
        blocks[start_us // _BLOCK_US][start_us % _BLOCK_US // _SECOND_US] = row
    return blocks


def _point_sums(row: list[float]) -> PointSums:
    counts = {name: int(value) for name, value in zip(_COUNTS, row[: len(_COUNTS)], strict=True)}
    return PointSums(**counts, sum_probs=tuple(row[len(_COUNTS) :]))
