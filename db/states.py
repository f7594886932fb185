"""The states of a job and of a chunk, and the queues of the pool, a sentence each. The chart is in docs/states.md."""

from enum import StrEnum


class JobState(StrEnum):
    """Where a job stands."""

    PENDING = "pending"  # submitted; no chunk has been claimed yet
    RUNNING = "running"  # a chunk has been claimed and some are still to do; a run that was stopped rests here
    DONE = "done"  # every chunk is committed, without a fault
    COMPLETED_WITH_ERRORS = "completed_with_errors"  # every chunk was tried; some failed or had a fault, some have rows
    FAILED = "failed"  # every chunk was tried and none could be committed
    CANCELLED = "cancelled"  # a user gave it up: nothing more is claimed or committed, the rows so far are kept


class MediaKind(StrEnum):
    """Where a media's moving pictures come from."""

    FILE = "file"  # known by the SHA-256 of its bytes
    CAMERA = "camera"  # one unbroken stretch of a stream; a break begins a new media


class JobQueue(StrEnum):
    """Who works a job's chunks off."""

    LOCAL = "local"  # the command that submitted it; no doorbell rings
    ARCHIVE = "archive"  # the pool, files
    LIVE = "live"  # the pool, cameras: what comes late is worth less


#: States in which chunks may be claimed and committed.
UNFINISHED = (JobState.PENDING, JobState.RUNNING)


class ChunkState(StrEnum):
    """Where a chunk stands."""

    PENDING = "pending"  # nobody works on it
    LEASED = "leased"  # a worker holds it until lease_until; after that, anybody may claim it
    DONE = "done"  # its rows are committed
    FAILED = "failed"  # given up: error_code says why; it has no rows
