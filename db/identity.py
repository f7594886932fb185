"""Ids in the store: short texts made of what a thing is, so that the same thing has the same id anywhere."""

import dataclasses
import hashlib
import json

from core.media import AnalysisParameters, DetectorKind

ID_LENGTH = 16  # hex digits of a media or job id: 64 bits
_MODEL_DIGEST_LENGTH = 12


def media_id(sha256: str) -> str:
    """Return the id of the media with this content."""
    return sha256[:ID_LENGTH]


def model_version_id(name: str, checkpoint_sha256: str) -> str:
    """Return the id of a checkpoint: `small-0123456789ab`."""
    return f"{name}-{checkpoint_sha256[:_MODEL_DIGEST_LENGTH]}"


def job_id(*, owner: str, media_sha256: str, model_version: str, parameters: str, run_number: int) -> str:
    """Return the id of a job; `parameters` in canonical form."""
    identity = "|".join((owner, media_sha256, model_version, parameters, str(run_number)))
    return hashlib.sha256(identity.encode()).hexdigest()[:ID_LENGTH]


def canonical_parameters(parameters: AnalysisParameters) -> str:
    """Return the one JSON text of these parameters: every field, sorted, and a rate of 5 as 5.0."""
    values = dataclasses.asdict(parameters)
    if parameters.sample_rate_hz is not None:
        values["sample_rate_hz"] = float(parameters.sample_rate_hz)
    return json.dumps(values, sort_keys=True, separators=(",", ":"))


def parse_parameters(text: str) -> AnalysisParameters:
    """Return the parameters that `canonical_parameters` wrote."""
    values = json.loads(text)
    return AnalysisParameters(**values | {"detector": DetectorKind(values["detector"])})
