"""What a model says of N pictures: calibrated probabilities of one or both label sets. Knows arrays only."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.emotions import FERPLUS_COLUMNS
from training.datasets.label_sets import LabelSet


@dataclass(frozen=True, kw_only=True)
class Answers:
    """Calibrated probabilities of N pictures; each row sums to one."""

    label_set: LabelSet  # the K emotions that the FER2013 answers tell apart
    fer2013: NDArray[np.float64]  # (N, K)
    ferplus: NDArray[np.float64] | None  # (N, 10), order of FERPLUS_COLUMNS; None for a model without that head

    def __post_init__(self) -> None:
        if self.fer2013.shape[1:] != (len(self.label_set),):
            raise ValueError(f"expected (N, {len(self.label_set)}) FER2013 answers, got {self.fer2013.shape}")
        if self.ferplus is not None and self.ferplus.shape != (len(self.fer2013), len(FERPLUS_COLUMNS)):
            raise ValueError(f"expected ({len(self.fer2013)}, 10) FER+ answers, got {self.ferplus.shape}")

    def __len__(self) -> int:
        return len(self.fer2013)

    def select(self, keep: NDArray[np.bool_]) -> "Answers":
        """Return the rows where `keep` (N,) is true."""
        return Answers(
            label_set=self.label_set,
            fer2013=self.fer2013[keep],
            ferplus=None if self.ferplus is None else self.ferplus[keep],
        )


def mean_answers(parts: Sequence[Answers]) -> Answers:
    """Average answers to the same pictures: views of one network, or members of an ensemble.

    The FER+ answers are left out where a part has none.
    """
    if len({part.label_set for part in parts}) != 1:
        raise ValueError(f"expected answers of one label set, got {[part.label_set.name for part in parts]}")
    ferplus = [part.ferplus for part in parts if part.ferplus is not None]
    return Answers(
        label_set=parts[0].label_set,
        fer2013=np.mean([part.fer2013 for part in parts], axis=0),
        ferplus=np.mean(ferplus, axis=0) if len(ferplus) == len(parts) else None,
    )
