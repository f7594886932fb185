"""Which person tracks look like somebody who is known: proposals only, and "unknown" wherever it is not clear."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Embedding = NDArray[np.float32]  # (512,) of length 1: what a face looks like, to a network


@dataclass(frozen=True, kw_only=True)
class Clarity:
    """How alike faces must be before somebody is named. Cosines, -1..1."""

    min_likeness: float = 0.6
    min_margin: float = 0.15  # by which the next likely must be less alike


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """Whom a person track looks like."""

    track: int  # the person track's number
    subject_id: str | None  # None: unknown
    likeness: float | None  # of the most alike; None: nobody is enrolled
    next_likeness: float | None  # of the next one; None: there is no other


def mean_embedding(embeddings: Sequence[Embedding]) -> Embedding:
    """Return the direction of the mean of one embedding or more."""
    mean = np.mean(np.stack(embeddings), axis=0, dtype=np.float64)
    length = float(np.linalg.norm(mean))
    return np.asarray(mean / length if length else mean, np.float32)


def propose(
    tracks: Mapping[int, Embedding], enrolled: Mapping[str, Sequence[Embedding]], clarity: Clarity
) -> list[Proposal]:
    """Compare each track with every enrolled subject: as alike as the most alike of a subject's own tracks."""
    proposals = []
    for number, embedding in tracks.items():
        ranked = sorted(
            ((max(float(embedding @ each) for each in theirs), subject) for subject, theirs in enrolled.items()),
            reverse=True,
        )
        likeness, subject = ranked[0] if ranked else (None, None)
        following = ranked[1][0] if len(ranked) > 1 else None
        is_clear = (
            likeness is not None
            and likeness >= clarity.min_likeness
            and (following is None or likeness - following >= clarity.min_margin)
        )
        proposals.append(
            Proposal(
                track=number,
                subject_id=subject if is_clear else None,
                likeness=likeness,
                next_likeness=following,
            )
        )
    return proposals
