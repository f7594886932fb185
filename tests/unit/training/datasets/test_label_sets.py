import numpy as np
import pytest

from core.emotions import EMOTIONS
from training.datasets.label_sets import FOUR, SEVEN, SIX, LabelSet


def test_seven_is_fer2013s_own_order_with_neutral_last():
    assert SEVEN.emotions == EMOTIONS
    assert SEVEN.emotions[6] == "neutral"


def test_an_emotion_that_is_left_out_has_no_place():
    everyone = np.arange(7)
    assert SIX.index_of(everyone).tolist() == [0, -1, 1, 2, 3, 4, 5]
    assert FOUR.index_of(everyone).tolist() == [-1, -1, -1, 0, 1, 2, 3]


@pytest.mark.parametrize("emotions", [("neutral", "happy"), ("happy", "joy")])
def test_a_set_in_another_order_or_of_other_words_is_refused(emotions):
    with pytest.raises(ValueError, match="that order"):
        LabelSet(name="wrong", emotions=emotions)
