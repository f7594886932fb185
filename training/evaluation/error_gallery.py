"""The most confident errors of a model, with their pictures, to be looked at by the people who train it.

FER2013's pictures are research data: the page says on its face that it must not be published.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from core.emotions import EMOTIONS, FERPLUS_COLUMNS, NUM_FERPLUS_EMOTIONS
from training.datasets.face_set import FaceSet
from training.datasets.fer2013 import ferplus_majority
from training.evaluation.answers import Answers
from training.evaluation.html_page import element, grey_picture, page

_NUM_SHOWN: Final = 40

WARNING: Final = (
    "This page holds pictures of people from the FER2013 research data. It is for the people who train the model. "
    "Do not publish it, and do not pass it on."
)


@dataclass(frozen=True, kw_only=True)
class ConfidentError:
    """An answer that is sure and, by the label, wrong."""

    index: int  # position in the rows that were asked about
    right: str
    answered: str
    confidence: float  # 0..1
    right_prob: float  # 0..1, what the right class was given


def confident_errors(
    probs: NDArray[np.float64], label_index: NDArray[np.int64], names: tuple[str, ...]
) -> list[ConfidentError]:
    """(N, K) probabilities and (N,) right classes, -1 for none -> the errors, the most confident first."""
    answered = probs.argmax(axis=1)
    wrong = np.flatnonzero((label_index >= 0) & (answered != label_index))
    order = wrong[np.argsort(-probs[wrong, answered[wrong]], kind="stable")]
    return [
        ConfidentError(
            index=int(row),
            right=names[label_index[row]],
            answered=names[answered[row]],
            confidence=float(probs[row, answered[row]]),
            right_prob=float(probs[row, label_index[row]]),
        )
        for row in order
    ]


def gallery_page(answers: Answers, faces: FaceSet, *, title: str) -> str:
    """Return the page: each head's most confident errors with picture, captions and row number."""
    label_set = answers.label_set
    errors = confident_errors(answers.fer2013, label_set.index_of(faces.emotion_index), label_set.emotions)
    parts = [
        element("h1", f"{title}: the most confident errors"),
        element("p", WARNING, css_class="warning"),
        element(
            "p",
            "A label is one person's or a search word's opinion: look whether the picture, the label or the model is "
            "wrong. Row numbers are those of the data file, from 0, without its header.",
        ),
        _section("FER2013 head against FER2013's labels", errors, faces),
    ]
    if answers.ferplus is not None and faces.has_votes.any():
        eight = answers.ferplus[:, :NUM_FERPLUS_EMOTIONS]
        eight = eight / eight.sum(axis=1, keepdims=True)
        errors = confident_errors(eight, ferplus_majority(faces.votes), FERPLUS_COLUMNS[:NUM_FERPLUS_EMOTIONS])
        parts.append(_section("FER+ head against the taggers' majority", errors, faces))
    return page(title=f"{title}: errors", body="\n".join(parts))


def _section(title: str, errors: list[ConfidentError], faces: FaceSet) -> str:
    shown = errors[:_NUM_SHOWN]
    figures = "\n".join(_figure(error, faces) for error in shown)
    heading = element("h2", f"{title}: the first {len(shown)} of {len(errors):,}")
    return f'{heading}\n<div class="faces">{figures}</div>'


def _figure(error: ConfidentError, faces: FaceSet) -> str:
    row = int(faces.row_index[error.index])
    lines = [
        f"labelled {error.right} ({error.right_prob:.0%})",
        f"appears {error.answered} ({error.confidence:.0%})",
        _crowd(faces, error.index),
        f"row {row}",
    ]
    caption = "<br>".join(element("span", line) for line in lines if line)
    picture = grey_picture(faces.pictures[error.index], alt=f"row {row}")
    return f"<figure>{picture}<figcaption>{caption}</figcaption></figure>"


def _crowd(faces: FaceSet, index: int) -> str:
    """What the taggers said, most votes first."""
    votes = faces.votes[index]
    if not votes.any():
        return f"FER2013: {EMOTIONS[faces.emotion_index[index]]}, no votes"
    best = [column for column in np.argsort(-votes, kind="stable") if votes[column] > 0][:3]
    return "votes: " + ", ".join(f"{FERPLUS_COLUMNS[column]} {votes[column]:.0f}" for column in best)
