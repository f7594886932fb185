"""What is measured of a model's answers to labelled pictures under docs/protocol.md: which rows count for which figure.

Knows no network and no files.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.emotions import EMOTIONS, FERPLUS_COLUMNS, FERPLUS_INDEX_OF_EMOTION, NUM_FERPLUS_EMOTIONS
from training.datasets.face_set import FaceSet
from training.datasets.fer2013 import ferplus_majority
from training.evaluation.answers import Answers
from training.evaluation.metrics import LabelFigures, measure_labels
from training.evaluation.proportion import Proportion
from training.evaluation.vote_metrics import VoteFigures, measure_votes

#: FER+'s eight emotions, in the order of its columns.
FERPLUS_EMOTIONS = FERPLUS_COLUMNS[:NUM_FERPLUS_EMOTIONS]


@dataclass(frozen=True, kw_only=True)
class ProductFigures:
    """The FER+ head as the product speaks: seven emotions, and no answer where it is unsure."""

    labels: LabelFigures  # against the strict majority, rows where that is one of the seven
    counted: Proportion  # right answers among those that it does not abstain from


@dataclass(frozen=True, kw_only=True)
class CrossFigures:
    """Each head, and the people, held against the other label set: what no model should be blamed or praised for."""

    taggers_on_labels: Proportion  # the taggers' most frequent answer is FER2013's label
    ferplus_on_labels: Proportion  # the FER+ head's most probable of seven is FER2013's label
    fer2013_on_majority: Proportion  # the FER2013 head's most probable is the taggers' strict majority


@dataclass(frozen=True, kw_only=True)
class FerplusFigures:
    """Everything that rests on the taggers' votes."""

    majority: LabelFigures  # eight emotions against the strict majority
    votes: VoteFigures
    product: ProductFigures
    cross: CrossFigures


@dataclass(frozen=True, kw_only=True)
class Figures:
    """Everything that is measured of one set of rows; None where no row or no head can be measured."""

    fer2013: LabelFigures | None
    ferplus: FerplusFigures | None


def measure(answers: Answers, faces: FaceSet, *, abstain_below: float) -> Figures:
    """Hold the answers to N pictures against their labels and votes."""
    label_index = answers.label_set.index_of(faces.emotion_index)
    told_apart = label_index >= 0
    fer2013 = None
    if told_apart.any():
        fer2013 = measure_labels(answers.fer2013[told_apart], label_index[told_apart], answers.label_set.emotions)
    ferplus = None
    if answers.ferplus is not None and (product_majority(faces.votes) >= 0).any():
        ferplus = FerplusFigures(
            majority=_measure_majority(answers.ferplus, faces.votes),
            votes=measure_votes(
                answers.ferplus[faces.has_votes], faces.votes[faces.has_votes], abstain_below=abstain_below
            ),
            product=_measure_product(answers.ferplus, faces.votes, abstain_below),
            cross=_measure_cross(answers, answers.ferplus, faces),
        )
    return Figures(fer2013=fer2013, ferplus=ferplus)


def product_majority(votes: NDArray[np.float32]) -> NDArray[np.int64]:
    """(N, 10) votes -> (N,) position in EMOTIONS of the strict majority; -1 where it is none of the seven."""
    position = np.full(NUM_FERPLUS_EMOTIONS + 1, -1)  # the last is ferplus_majority's -1
    position[list(FERPLUS_INDEX_OF_EMOTION)] = np.arange(len(EMOTIONS))
    return position[ferplus_majority(votes)]


def _measure_majority(answers: NDArray[np.float64], votes: NDArray[np.float32]) -> LabelFigures:
    majority = ferplus_majority(votes)
    counted = majority >= 0
    eight = answers[counted, :NUM_FERPLUS_EMOTIONS]
    return measure_labels(eight / eight.sum(axis=1, keepdims=True), majority[counted], FERPLUS_EMOTIONS)


def _measure_product(answers: NDArray[np.float64], votes: NDArray[np.float32], abstain_below: float) -> ProductFigures:
    """As the classifier's read_answers reads a face: the seven scaled to one, none where the best is too rare."""
    majority = product_majority(votes)
    seven = answers[majority >= 0][:, list(FERPLUS_INDEX_OF_EMOTION)]
    majority = majority[majority >= 0]
    spoken = seven.max(axis=1) >= abstain_below
    num_right = int((seven.argmax(axis=1) == majority)[spoken].sum())
    return ProductFigures(
        labels=measure_labels(seven / seven.sum(axis=1, keepdims=True), majority, EMOTIONS),
        counted=Proportion.of(num_right, int(spoken.sum())),
    )


def _measure_cross(answers: Answers, ferplus: NDArray[np.float64], faces: FaceSet) -> CrossFigures:
    label_column = np.array(FERPLUS_INDEX_OF_EMOTION)[faces.emotion_index]
    voted = faces.has_votes
    majority = product_majority(faces.votes)
    held = majority >= 0
    return CrossFigures(
        taggers_on_labels=_agreement(faces.votes.argmax(axis=1)[voted], label_column[voted]),
        ferplus_on_labels=_agreement(ferplus[:, list(FERPLUS_INDEX_OF_EMOTION)].argmax(axis=1), faces.emotion_index),
        fer2013_on_majority=_agreement(
            answers.fer2013.argmax(axis=1)[held], answers.label_set.index_of(majority[held])
        ),
    )


def _agreement(said: NDArray[np.int64], expected: NDArray[np.int64]) -> Proportion:
    return Proportion.of(int((said == expected).sum()), len(expected))
