"""The embedded run: one process works a job's chunks off, one by one, through the same ledger as a pool of workers."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from core.errors import InputError
from core.media import AnalysisParameters, MediaInfo
from db import jobs
from db.people import subjects
from db.queue import ledger
from db.records import Claim, JobRecord
from db.store import Store
from worker.analysis.leased import LEASE_SECONDS, LeasedAnalysis, LeaseLost, first_fault
from worker.analysis.messages import ChunkRequest, ChunkResult
from worker.analysis.process import AnalysisProcess, AnalysisProcessDied
from worker.pool.lease_owner import is_alive, this_process

log = logging.getLogger(__name__)

#: How often to look again while another process holds the last chunks.
WAIT_SECONDS: Final = 1.0


@dataclass(frozen=True, kw_only=True)
class EmbeddedRun:
    """One job, its file, and what it takes to run it here."""

    store: Store
    process: AnalysisProcess
    job_id: str
    path: Path
    info: MediaInfo
    parameters: AnalysisParameters
    on_progress: Callable[[int], None]  # gets the number of this job's frames that are done, stored or not yet

    def work_off(self) -> JobRecord:
        """Work until no chunk is left; return the finished job.

        Takes over at once what a killed run left behind. Ctrl-C puts the chunk in hand back and leaves a job that the
        same command resumes. Raises InputError where the file is no longer the one that was submitted.
        """
        owner = this_process()
        while True:
            with self.store.writing() as connection:
                ledger.release_dead_leases(connection, is_alive)
                subjects.cancel_expired(connection)
                claim = ledger.claim_next(connection, self.job_id, lease_owner=owner, lease_seconds=LEASE_SECONDS)
                job = jobs.get_job(connection, self.job_id)
            self.on_progress(job.num_frames)
            if claim is not None:
                self._work_on(claim, job.num_frames)
            elif job.finished_at is not None:
                return job
            elif job.is_paused:
                raise InputError(f"{self.path}: job {job.id} is paused; `moodline resume {job.id}` lets it go on")
            else:
                time.sleep(WAIT_SECONDS)  # another process on this store holds the rest

    def _work_on(self, claim: Claim, num_frames_before: int) -> None:
        try:
            self._check_source()
            result = self._analyse(claim, num_frames_before)
            with self.store.writing() as connection:
                ledger.commit_chunk(
                    connection, claim, result.frames, fault=first_fault(result), software=result.software
                )
        except (ledger.Fenced, LeaseLost):
            return  # its rows are another's to store
        except AnalysisProcessDied as error:
            log.warning("attempt %d at chunk %d failed: %s", claim.attempt, claim.span.chunk_index, error)
            with self.store.writing() as connection:
                ledger.return_crashed(connection, claim)
        except BaseException:
            # stopped by hand, the file changed, the disk is full: the chunk goes back, untried
            with self.store.writing() as connection:
                ledger.release(connection, claim)
            raise

    def _analyse(self, claim: Claim, num_frames_before: int) -> ChunkResult:
        analysis = LeasedAnalysis(store=self.store, claim=claim, lease_seconds=LEASE_SECONDS)
        request = ChunkRequest(source=self.path, info=self.info, span=claim.span, parameters=self.parameters)
        return analysis.run(self.process, request, on_tick=lambda n: self.on_progress(num_frames_before + n))

    def _check_source(self) -> None:
        """Refuse to mix two files' rows. The size is looked at here; the content was hashed when it was submitted."""
        try:
            size_bytes = self.path.stat().st_size
        except OSError as error:
            raise InputError(f"{self.path}: the file is gone ({error.strerror}); put it back to go on") from error
        if size_bytes != self.info.size_bytes:
            raise InputError(f"{self.path}: the file changed while it was analysed; analyse it anew")
