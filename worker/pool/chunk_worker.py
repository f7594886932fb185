"""Answers a doorbell: claim the chunk, analyse it, commit its rows. Knows the ledger and no broker.

However an answer ends, the ledger is left so that the chunk is done, given up with a reason, or free for another.
"""

import contextlib
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Final, TypeVar

from sqlalchemy import Connection

from core.errors import EnvironmentFault, InputError, MoodlineError, StoreUnavailable
from core.media import MediaInfo
from db.archive.media import get_media, info_of
from db.archive.source_files import SourceFault, SourceFinder, SourceUnusable
from db.jobs import get_job
from db.patience import read_patiently, write_patiently
from db.queue import ledger
from db.records import ChunkReference, Claim, Fault, JobRecord, MediaRecord
from db.states import MediaKind
from db.store import Store
from video.fragments.fragment_store import FragmentStore
from worker.analysis.leased import LeasedAnalysis, LeaseLost, first_fault
from worker.analysis.messages import ChunkRequest, ChunkResult
from worker.analysis.process import AnalysisProcessDied
from worker.analysis.processes import AnalysisProcesses
from worker.analysis.source import fetch_fragment

log = logging.getLogger(__name__)

_Written = TypeVar("_Written")

#: A chunk that this worker cannot do now is left alone for so long: the machine is in the way, not the chunk.
_RETRY_SECONDS: Final = 30.0


class Stopping(MoodlineError):
    """The worker is being shut down: the chunk in hand goes back."""


class Answer(StrEnum):
    """What came of a doorbell."""

    NOT_FREE = "not_free"  # held, done, paused, over, or never there
    COMMITTED = "committed"
    FENCED = "fenced"  # another worker took it over meanwhile, or the job was cancelled
    RETURNED = "returned"  # put back untried
    CRASHED = "crashed"  # the analysis died; put back, or given up the third time
    FAILED = "failed"  # given up: trying again would fail again
    ABANDONED = "abandoned"  # the store stayed away for longer than the lease


@dataclass(frozen=True, kw_only=True)
class ChunkWorker:
    """What one slot of a worker does. Built once per process."""

    store: Store
    processes: AnalysisProcesses
    sources: SourceFinder
    fragments: FragmentStore
    lease_owner: str  # worker.pool.lease_owner.this_process() of the process that runs this
    lease_seconds: float
    is_stopping: Callable[[], bool]  # asked about twice a second; true: give back what is in hand

    def answer(self, chunk: ChunkReference) -> Answer:
        """Do a chunk, if it is free. Never raises for what may happen to a chunk; says what came of it."""
        try:
            claim = self._write(
                lambda connection: ledger.claim_chunk(
                    connection, chunk, lease_owner=self.lease_owner, lease_seconds=self.lease_seconds
                )
            )
            if claim is None:
                return Answer.NOT_FREE
            answer = self._work_on(claim)
        except StoreUnavailable as error:
            log.error("chunk %d of job %s is left to its lease: %s", chunk.chunk_index, chunk.job_id, error)
            return Answer.ABANDONED
        log.info("chunk %d of job %s: %s", chunk.chunk_index, chunk.job_id, answer)
        return answer

    def _work_on(self, claim: Claim) -> Answer:
        try:
            result = self._analyse(claim)
            self._write(
                lambda connection: ledger.commit_chunk(
                    connection, claim, result.frames, fault=first_fault(result), software=result.software
                )
            )
            self._forget_fragment(claim)
            return Answer.COMMITTED
        except (ledger.Fenced, LeaseLost):
            return Answer.FENCED
        except StoreUnavailable:
            raise
        except Stopping:
            return self._put_back(claim, delay_seconds=0.0)
        except EnvironmentFault as error:
            log.error("chunk %d of job %s cannot be done here: %s", claim.span.chunk_index, claim.job_id, error)
            return self._put_back(claim, delay_seconds=_RETRY_SECONDS)
        except SourceUnusable as error:
            return self._give_up(claim, Fault(code=error.code, message=str(error)))
        except Exception as error:  # AnalysisProcessDied, or what nobody foresaw: bounded by the attempts
            level = logging.WARNING if isinstance(error, AnalysisProcessDied) else logging.ERROR
            log.log(level, "attempt %d at %s failed: %s", claim.attempt, claim.span, error, exc_info=level > 30)
            self._write(lambda connection: ledger.return_crashed(connection, claim))
            return Answer.CRASHED

    def _analyse(self, claim: Claim) -> ChunkResult:
        job, media = read_patiently(
            self.store, lambda connection: _job_and_media(connection, claim.job_id), patience_seconds=self.lease_seconds
        )
        source = self._source_of(claim, media)
        request = ChunkRequest(source=source, info=_info_for(claim, media), span=claim.span, parameters=job.parameters)
        analysis = LeasedAnalysis(store=self.store, claim=claim, lease_seconds=self.lease_seconds)
        try:
            result = analysis.run(self.processes.of(job.model_version_id), request, on_tick=self._stop_if_asked)
        except InputError as error:
            raise SourceUnusable(SourceFault.UNREADABLE, str(error)) from error
        if isinstance(source, Path):
            self.sources.find(media)  # a file that changed meanwhile gives no rows
        return result

    def _source_of(self, claim: Claim, media: MediaRecord) -> Path | bytes:
        if claim.fragment_key is not None:
            return fetch_fragment(self.fragments, claim.fragment_key)
        return self.sources.find(media)

    def _forget_fragment(self, claim: Claim) -> None:
        if claim.fragment_key is not None:
            with contextlib.suppress(EnvironmentFault):  # it goes by itself when its time is over
                self.fragments.delete(claim.fragment_key)

    def _stop_if_asked(self, _num_frames: int) -> None:
        if self.is_stopping():
            raise Stopping("the worker is shutting down")

    def _put_back(self, claim: Claim, *, delay_seconds: float) -> Answer:
        self._write(lambda connection: ledger.release(connection, claim, delay_seconds=delay_seconds))
        return Answer.RETURNED

    def _give_up(self, claim: Claim, fault: Fault) -> Answer:
        try:
            self._write(lambda connection: ledger.fail_chunk(connection, claim, fault))
        except ledger.Fenced:
            return Answer.FENCED
        return Answer.FAILED

    def _write(self, do: Callable[[Connection], _Written]) -> _Written:
        return write_patiently(self.store, do, patience_seconds=self.lease_seconds)


def _info_for(claim: Claim, media: MediaRecord) -> MediaInfo:
    """Return what is known of a media to whoever decodes a chunk; a camera's goes on, so its end is the chunk's."""
    info = info_of(media)
    return replace(info, end_us=claim.span.end_us - 1) if media.kind is MediaKind.CAMERA else info


def _job_and_media(connection: Connection, job_id: str) -> tuple[JobRecord, MediaRecord]:
    job = get_job(connection, job_id)
    return job, get_media(connection, job.media_id)
