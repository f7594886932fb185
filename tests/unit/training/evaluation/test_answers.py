import numpy as np
import pytest

from training.datasets.label_sets import FOUR, SEVEN
from training.evaluation.answers import Answers, mean_answers


def make_answers(fer2013, ferplus=None, label_set=SEVEN):
    return Answers(
        label_set=label_set, fer2013=np.array(fer2013), ferplus=None if ferplus is None else np.array(ferplus)
    )


def test_answers_are_averaged_head_by_head():
    one = make_answers(np.eye(7)[[0]], np.eye(10)[[0]])
    two = make_answers(np.eye(7)[[1]], np.eye(10)[[2]])
    mean = mean_answers([one, two])
    assert mean.fer2013[0].tolist() == [0.5, 0.5, 0, 0, 0, 0, 0]
    assert mean.ferplus[0, [0, 2]].tolist() == [0.5, 0.5]


def test_a_member_without_ferplus_leaves_the_ensemble_without():
    assert mean_answers([make_answers(np.eye(7), np.eye(10)[:7]), make_answers(np.eye(7))]).ferplus is None


def test_different_label_sets_are_not_averaged():
    with pytest.raises(ValueError, match=r"seven.*four"):
        mean_answers([make_answers(np.eye(7)[:4]), make_answers(np.eye(4), label_set=FOUR)])


def test_answers_of_another_shape_are_refused():
    with pytest.raises(ValueError, match=r"\(N, 7\)"):
        make_answers(np.eye(4))
    with pytest.raises(ValueError, match=r"\(7, 10\)"):
        make_answers(np.eye(7), np.eye(10))


def test_rows_are_selected_in_both_heads():
    kept = make_answers(np.eye(7), np.eye(10)[:7]).select(np.arange(7) == 3)
    assert len(kept) == 1
    assert kept.fer2013[0, 3] == kept.ferplus[0, 3] == 1
