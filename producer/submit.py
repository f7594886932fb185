"""Submitting a file: probe it in a child process, plan its chunks, write media, job and chunks in one transaction."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from core.errors import InputError
from core.media import AnalysisParameters, ChunkSpan, MediaInfo, StartedAt
from core.people.subjects import Appearance
from db.identity import media_id
from db.patience import write_patiently
from db.records import AnalysisRequest, ModelVersion, Submission
from db.states import JobQueue
from db.store import Store
from db.submission import submit
from fer_model.checkpoints.card import ModelCard
from producer.planning import plan_chunks
from video.fragments.fragment_store import FragmentStore, fragment_key
from video.isolation.isolation import cut_isolated, probe_isolated
from video.limits import MediaLimits
from video.probing.recorded_at import parse_recorded_at

#: A fragment that no worker has taken for a day is forgotten; its chunk then fails by name.
FRAGMENT_TTL_SECONDS: Final = 24 * 3600


#: Two submits may be in each other's way; a person waits for more. A submit that is done twice is the same job.
_PATIENCE_SECONDS: Final = 3.0


@dataclass(frozen=True, kw_only=True)
class SubmittedFile:
    """A job, and what the probe found in its file."""

    info: MediaInfo
    submission: Submission


@dataclass(frozen=True, kw_only=True)
class Analysis:
    """What is asked of every file of one call."""

    model_version: ModelVersion
    parameters: AnalysisParameters
    force: bool  # a new generation, even where the same analysis is stored already
    allow_truncated: bool  # analyse what is there of a file whose index promises more


def version_of(card: ModelCard) -> ModelVersion:
    """Return what the store calls a model that is read as its card says."""
    return ModelVersion(id=card.version, name=card.name, sha256=card.sha256, card=card.to_json())


@dataclass(frozen=True, kw_only=True)
class Handing:
    """To whom a file's job is handed, and what is known of the file from elsewhere. Decides no row."""

    queue: JobQueue = JobQueue.LOCAL  # who is to work it off
    priority: int = 5  # 0 to 9, 9 first
    started_at: datetime | StartedAt | None = None  # aware wall clock at pts 0; None: unknown
    token: str | None = None  # the client's word for this request; None: the content alone says what is the same
    appearance: Appearance | None = None  # who is to be seen in it
    fragments: FragmentStore | None = None  # where to put the packets, for workers that cannot open the file
    owner: str = "local"  # whose job it is
    activates: bool = True  # over, its job speaks for the media; false: only where no other does


def submit_file(
    store: Store, path: Path, analysis: Analysis, limits: MediaLimits, *, handing: Handing
) -> SubmittedFile:
    """Submit a file. The same file with the same model and parameters again is the same job.

    Raises InputError, before anything is stored, where the file cannot be used.
    """
    modified_ns = _modified_ns(path)
    info = probe_isolated(path, limits=limits)
    if _modified_ns(path) != modified_ns:
        raise InputError(f"{path}: the file changed while it was read; submit it when it is written to its end")
    if info.truncated_at_us is not None and not analysis.allow_truncated:
        raise InputError(
            f"{path}: truncated: its index promises more, but its data ends at {info.truncated_at_us / 1e6:.3f} s; "
            "copy it again, or analyse what is there with --allow-truncated"
        )
    started_at = handing.started_at
    if isinstance(started_at, StartedAt):
        started_at = parse_recorded_at(info.recorded_at_text, name=str(path))
    spans = plan_chunks(info)
    fragment_keys = _send_fragments(handing.fragments, path, info, spans, limits) if handing.fragments else ()
    request = AnalysisRequest(
        media=info,
        path=str(path.absolute()),
        spans=spans,
        fragment_keys=fragment_keys,
        model_version=analysis.model_version,
        parameters=analysis.parameters,
        started_at=started_at,
        modified_ns=modified_ns,
        queue=handing.queue,
        priority=handing.priority,
        token=handing.token,
        appearance=handing.appearance,
        owner=handing.owner,
        activates=handing.activates,
    )
    submission = write_patiently(
        store,
        lambda connection: submit(connection, request, force=analysis.force),
        patience_seconds=0.0 if analysis.force else _PATIENCE_SECONDS,  # forced twice would be two runs
    )
    return SubmittedFile(info=info, submission=submission)


def _send_fragments(
    fragments: FragmentStore, path: Path, info: MediaInfo, spans: tuple[ChunkSpan, ...], limits: MediaLimits
) -> tuple[str, ...]:
    """Put each span's packets into Redis before any job names them; put again, they are the same and last longer."""
    keys = []
    for span in spans:
        content = cut_isolated(path, info, span, limits=limits)
        keys.append(fragment_key(f"{media_id(info.sha256)}:{span.start_us}", content))
        fragments.put(keys[-1], content, ttl_seconds=FRAGMENT_TTL_SECONDS)
    return tuple(keys)


def _modified_ns(path: Path) -> int | None:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return None  # the probe says what is wrong, with the remedy
