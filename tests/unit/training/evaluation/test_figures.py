import numpy as np
import pytest

from core.emotions import FERPLUS_INDEX_OF_EMOTION
from fer_model.classification.classifier import read_answers
from training.datasets.face_set import FaceSet
from training.datasets.label_sets import FOUR, SEVEN
from training.evaluation.answers import Answers
from training.evaluation.figures import measure, product_majority

SEED = 5
HAPPY, SAD, CONTEMPT, UNKNOWN = 1, 3, 7, 8  # columns of votes


def make_faces(emotions, votes):
    """`votes`: one dictionary of column: count a picture."""
    table = np.zeros((len(votes), 10), np.float32)
    for row, counts in enumerate(votes):
        for column, count in counts.items():
            table[row, column] = count
    return FaceSet(
        pictures=np.zeros((len(votes), 48, 48), np.uint8),
        emotion_index=np.array(emotions),
        votes=table,
        split_index=np.full(len(votes), 2),
        row_index=np.arange(len(votes)),
    )


def sure(classes, num):
    return np.eye(num)[classes] * 0.9 + 0.1 / num


def test_each_head_is_held_against_its_own_labels():
    faces = make_faces([3, 4, 2], [{HAPPY: 10}, {SAD: 9, 0: 1}, {HAPPY: 5, SAD: 5}])
    answers = Answers(label_set=SEVEN, fer2013=sure([3, 4, 3], 7), ferplus=sure([HAPPY, HAPPY, SAD], 10))
    figures = measure(answers, faces, abstain_below=0.4)
    assert (figures.fer2013.accuracy.value, figures.fer2013.accuracy.n) == (pytest.approx(2 / 3), 3)
    assert (figures.ferplus.majority.accuracy.value, figures.ferplus.majority.accuracy.n) == (0.5, 2)
    assert figures.ferplus.votes.n == 3


def test_contempt_is_a_class_of_eight_but_not_of_our_seven():
    faces = make_faces([0, 3], [{CONTEMPT: 10}, {HAPPY: 10}])
    answers = Answers(label_set=SEVEN, fer2013=sure([0, 3], 7), ferplus=sure([CONTEMPT, HAPPY], 10))
    ferplus = measure(answers, faces, abstain_below=0.4).ferplus
    assert ferplus.majority.accuracy.n == 2
    assert ferplus.product.labels.accuracy.n == ferplus.product.counted.n == 1


def test_the_product_is_measured_as_it_reads_a_face():
    rng = np.random.default_rng(SEED)
    answers = rng.dirichlet(np.full(10, 0.5), 200)
    majority = rng.integers(0, 7, 200)
    faces = make_faces(np.zeros(200, int), [{FERPLUS_INDEX_OF_EMOTION[emotion]: 10} for emotion in majority])
    product = measure(
        Answers(label_set=SEVEN, fer2013=sure([0] * 200, 7), ferplus=answers), faces, abstain_below=0.4
    ).ferplus.product
    readings = [read_answers(row, abstain_below=0.4) for row in answers]
    right = [np.argmax(reading.probs) == label for reading, label in zip(readings, majority, strict=True)]
    spoken = [not reading.abstained for reading in readings]
    assert product.labels.accuracy.value == pytest.approx(np.mean(right))
    assert product.counted.n == sum(spoken)
    assert product.counted.value == pytest.approx(np.mean(np.array(right)[spoken]))


def test_heads_and_people_are_compared_across_the_label_sets():
    faces = make_faces([3, 4, 2, 0], [{HAPPY: 10}, {SAD: 10}, {SAD: 10}, {}])
    answers = Answers(label_set=SEVEN, fer2013=sure([3, 3, 4, 0], 7), ferplus=sure([HAPPY, SAD, SAD, 4], 10))
    cross = measure(answers, faces, abstain_below=0.4).ferplus.cross
    assert (cross.taggers_on_labels.value, cross.taggers_on_labels.n) == (pytest.approx(2 / 3), 3)
    assert (cross.ferplus_on_labels.value, cross.ferplus_on_labels.n) == (0.75, 4)
    assert (cross.fer2013_on_majority.value, cross.fer2013_on_majority.n) == (pytest.approx(2 / 3), 3)


def test_a_smaller_label_set_is_measured_on_its_own_pictures():
    faces = make_faces([3, 4, 0, 6], [{}] * 4)
    figures = measure(
        Answers(label_set=FOUR, fer2013=sure([0, 1, 0, 0], 4), ferplus=None), faces, abstain_below=0.4
    ).fer2013
    assert (figures.accuracy.value, figures.accuracy.n) == (pytest.approx(2 / 3), 3)
    assert [found.name for found in figures.classes] == ["happy", "sad", "surprise", "neutral"]


def test_what_has_no_rows_is_not_measured():
    answers = Answers(label_set=FOUR, fer2013=sure([0], 4), ferplus=sure([0], 10))
    figures = measure(answers, make_faces([0], [{UNKNOWN: 10}]), abstain_below=0.4)
    assert figures.fer2013 is None
    assert figures.ferplus is None


def test_the_majority_of_our_seven_leaves_out_contempt_and_none():
    votes = make_faces([0] * 3, [{CONTEMPT: 10}, {HAPPY: 10}, {HAPPY: 5, SAD: 5}]).votes
    assert product_majority(votes).tolist() == [-1, 3, -1]
