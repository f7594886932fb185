"""One chunk analysed while its lease is kept alive. Knows ledger and analysing process, no queue and no file."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from core.errors import MoodlineError, StoreUnavailable
from db.queue import ledger
from db.records import Claim, Fault
from db.store import Store
from worker.analysis.messages import ChunkRequest, ChunkResult
from worker.analysis.process import AnalysisProcess

log = logging.getLogger(__name__)

#: A worker that says nothing for this long has lost its chunk; unless the settings say otherwise.
LEASE_SECONDS: Final = 60.0

#: How many heartbeats a lease holds, so that a lost one does not matter.
_HEARTBEATS_PER_LEASE: Final = 4


class LeaseLost(MoodlineError):
    """Another worker took this chunk over, or the job was cancelled."""


@dataclass(frozen=True, kw_only=True)
class LeasedAnalysis:
    """A claimed chunk on its way through the analysing process."""

    store: Store
    claim: Claim
    lease_seconds: float

    def run(self, process: AnalysisProcess, request: ChunkRequest, *, on_tick: Callable[[int], None]) -> ChunkResult:
        """Analyse the chunk; raises LeaseLost as soon as a heartbeat finds that it is no longer ours.

        `on_tick` gets the number of frames done, about twice a second; what it raises ends the analysis.
        """
        interval = self.lease_seconds / _HEARTBEATS_PER_LEASE
        heartbeat_at = time.monotonic() + interval

        def tick(num_frames: int) -> None:
            nonlocal heartbeat_at
            on_tick(num_frames)
            if time.monotonic() >= heartbeat_at:
                self._beat()
                heartbeat_at = time.monotonic() + interval

        return process.analyse_chunk(request, on_tick=tick)

    def _beat(self) -> None:
        try:
            with self.store.writing() as connection:
                is_held = ledger.heartbeat(connection, self.claim, lease_seconds=self.lease_seconds)
        except StoreUnavailable as error:
            log.warning("no heartbeat for chunk %d: %s", self.claim.span.chunk_index, error)
            return  # the commit will tell whether the lease outlived this
        if not is_held:
            raise LeaseLost(f"chunk {self.claim.span.chunk_index} of job {self.claim.job_id}")


def first_fault(result: ChunkResult) -> Fault | None:
    """Return what is missing from a chunk's rows, as one fault; None: nothing is."""
    if not result.faults:
        return None
    first, more = result.faults[0], len(result.faults) - 1
    return Fault(code=first.code, message=first.message + (f" (and {more} more)" if more else ""))
