"""What a cropped face appears to show: calibrated probabilities of seven emotions, and whether to count them at all.

Speaks with the FER+ head, whose votes of ten people agree with what people see; knows no frame, file or table.
"""

from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from core.emotions import FERPLUS_INDEX_OF_EMOTION, FERPLUS_UNREADABLE
from core.observations import Reading

#: Stored probabilities are rounded to this many decimals, far below any error of the model's own.
PROB_DECIMALS: Final = 6


class Classifier(Protocol):
    """Reads cropped faces. Tests put a fake in its place."""

    def classify(self, crops: NDArray[np.uint8]) -> list[Reading]:
        """(N, 48, 48) uint8 grey -> N readings, in order; an empty list for N = 0."""
        ...


def read_answers(answers: NDArray[np.float64], *, abstain_below: float) -> Reading:
    """Turn the probable answers of FER+'s taggers (10,) into a reading over the seven emotions.

    Contempt is folded away: the seven are scaled to sum to one. The reading abstains where even the most probable
    emotion would be named by less than `abstain_below` of the people, be it for doubt or because no face can be seen.
    """
    seven = answers[list(FERPLUS_INDEX_OF_EMOTION)]
    probs = np.round(seven / seven.sum(), PROB_DECIMALS)
    unreadable = float(answers[list(FERPLUS_UNREADABLE)].sum())
    return Reading(
        probs=tuple(probs.tolist()),
        unreadable=round(unreadable, PROB_DECIMALS),
        abstained=bool(seven.max() < abstain_below),
    )
