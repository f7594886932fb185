"""Which emotions a network tells apart: all seven of FER2013, or fewer, as some systems do. Mapping only, no files."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from core.emotions import EMOTIONS


@dataclass(frozen=True, kw_only=True)
class LabelSet:
    """Some of the seven emotions, in FER2013's order; pictures of the others are left out."""

    name: str
    emotions: tuple[str, ...]

    def __post_init__(self) -> None:
        if tuple(e for e in EMOTIONS if e in self.emotions) != self.emotions:
            raise ValueError(f"{self.emotions}: expected some of {EMOTIONS}, in that order")

    def __len__(self) -> int:
        return len(self.emotions)

    def index_of(self, emotion_index: NDArray[np.int64]) -> NDArray[np.int64]:
        """(N,) positions in EMOTIONS -> (N,) positions in this set, -1 for an emotion that it leaves out."""
        position = np.array([self.emotions.index(e) if e in self.emotions else -1 for e in EMOTIONS], np.int64)
        return position[emotion_index]


SEVEN: Final = LabelSet(name="seven", emotions=EMOTIONS)

#: FER2013's rarest class left out (1.5 %), as two of the seed systems do.
SIX: Final = LabelSet(name="six", emotions=tuple(e for e in EMOTIONS if e != "disgust"))

#: The four that crowds and networks tell apart best, for a browser product.
FOUR: Final = LabelSet(name="four", emotions=("happy", "sad", "surprise", "neutral"))

LABEL_SETS: Final = {label_set.name: label_set for label_set in (SEVEN, SIX, FOUR)}
