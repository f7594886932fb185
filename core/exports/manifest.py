"""What an export is and all that it came from, as a JSON document beside it: for whoever must defend it in a year."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from core.documents import NOTICE
from core.exports.columns import Column
from core.software import SoftwareVersions


@dataclass(frozen=True, kw_only=True)
class SourceJob:
    """A generation of rows that an export was made of."""

    media_id: str
    media_sha256: str
    started_at: datetime | None  # wall clock of the media's presentation time 0
    session: str | None
    condition: str | None
    job_id: str
    state: str
    parameters: dict[str, Any]  # core.media.AnalysisParameters
    model_version: str
    model_sha256: str  # of the checkpoint file
    num_frames: int
    software: tuple[str, ...]  # what the chunks were analysed with, as JSON; empty: not written down then


@dataclass(frozen=True, kw_only=True)
class ExportedFile:
    """A file as it was written."""

    name: str
    sha256: str
    num_bytes: int
    form: str  # "parquet"


def manifest_document(
    file: ExportedFile,
    *,
    question: dict[str, Any],
    columns: Sequence[Column],
    sources: Sequence[SourceJob],
    command: Sequence[str],
    written_at: datetime,
    software: SoftwareVersions,
) -> dict[str, Any]:
    """Return the manifest of a file. `question` is what was asked, `software` what answered."""
    return {
        "file": asdict(file),
        "written_at": written_at.isoformat(),
        "written_by": software.document(),
        "command": list(command),
        "question": question,
        "columns": [column.document() for column in columns],
        "sources": [_source_document(source) for source in sources],
        "notice": NOTICE,
    }


def _source_document(source: SourceJob) -> dict[str, Any]:
    values = asdict(source)
    values["started_at"] = None if source.started_at is None else source.started_at.isoformat()
    values["software"] = list(source.software)
    return values
