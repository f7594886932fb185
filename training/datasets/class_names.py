"""What people call the seven emotions and the splits when they name folders. By name, never by alphabetical place."""

from typing import Final

from core.emotions import EMOTIONS
from core.errors import InputError
from training.datasets.face_set import SPLITS

_SYNONYMS: Final = {
    "angry": ("anger",),
    "disgust": ("disgusted",),
    "fear": ("fearful", "afraid", "scared"),
    "happy": ("happiness", "joy"),
    "sad": ("sadness",),
    "surprise": ("surprised",),
    "neutral": (),
}

#: Every accepted name, FER2013's class numbers too, and its position in EMOTIONS.
_EMOTION_OF: Final = {
    name: index for index, emotion in enumerate(EMOTIONS) for name in (emotion, *_SYNONYMS[emotion], str(index))
}

#: Every accepted name of a split, and its position in SPLITS.
_SPLIT_OF: Final = {
    "training": 0,
    "train": 0,
    "publictest": 1,
    "val": 1,
    "valid": 1,
    "validation": 1,
    "privatetest": 2,
    "test": 2,
}


def is_class_name(name: str) -> bool:
    """Whether a folder's name is an emotion's."""
    return _key(name) in _EMOTION_OF


def is_split_name(name: str) -> bool:
    """Whether a folder's name is a split's."""
    return _key(name) in _SPLIT_OF


def emotion_index_of(name: str, *, place: str) -> int:
    """Return the position in EMOTIONS of a folder's name. Raises InputError that lists the known names."""
    try:
        return _EMOTION_OF[_key(name)]
    except KeyError as error:
        words = "; ".join(", ".join((emotion, *_SYNONYMS[emotion])) for emotion in EMOTIONS)
        raise InputError(
            f"{place}: {name!r} is no class that Moodline knows; rename it to one of these or take it out: {words}; "
            f"or FER2013's numbers 0-{len(EMOTIONS) - 1}"
        ) from error


def split_index_of(name: str, *, place: str) -> int:
    """Return the position in SPLITS of a folder's name. Raises InputError that lists the known names."""
    try:
        return _SPLIT_OF[_key(name)]
    except KeyError as error:
        raise InputError(
            f"{place}: {name!r} stands beside split folders and is none; "
            f"rename it to one of {', '.join(_SPLIT_OF)} ({' | '.join(SPLITS)}) or take it out"
        ) from error


def _key(name: str) -> str:
    return name.strip().lower()
