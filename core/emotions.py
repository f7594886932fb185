"""The emotions that Moodline names, in FER2013's order, and how FER+'s columns map to them.

Knows names and positions only: no pixels, no network.
"""

from typing import Final

#: The seven emotions, in the order of FER2013's class numbers 0-6 (Goodfellow et al. 2013).
EMOTIONS: Final = ("angry", "disgust", "fear", "happy", "sad", "surprise", "neutral")

#: FER+'s ten columns of votes, in the order of its own file (Barsoum et al. 2016), which is not FER2013's order.
FERPLUS_COLUMNS: Final = (
    "neutral",
    "happiness",
    "surprise",
    "sadness",
    "anger",
    "disgust",
    "fear",
    "contempt",
    "unknown",
    "NF",
)

_FERPLUS_NAME_OF: Final = {
    "angry": "anger",
    "disgust": "disgust",
    "fear": "fear",
    "happy": "happiness",
    "sad": "sadness",
    "surprise": "surprise",
    "neutral": "neutral",
}

#: For each emotion of `EMOTIONS`, its position in `FERPLUS_COLUMNS`.
FERPLUS_INDEX_OF_EMOTION: Final = tuple(FERPLUS_COLUMNS.index(_FERPLUS_NAME_OF[emotion]) for emotion in EMOTIONS)

#: Positions in `FERPLUS_COLUMNS` of the votes that say "this cannot be read": unknown emotion, not a face.
FERPLUS_UNREADABLE: Final = (FERPLUS_COLUMNS.index("unknown"), FERPLUS_COLUMNS.index("NF"))

#: How many of FER+'s columns are emotions (the eight-class benchmark): all but unknown and not-a-face.
NUM_FERPLUS_EMOTIONS: Final = 8


def top_emotion(probs: tuple[float, ...]) -> str:
    """Return the name of the most probable of seven, the first of EMOTIONS where two are equal."""
    return EMOTIONS[max(range(len(EMOTIONS)), key=probs.__getitem__)]
