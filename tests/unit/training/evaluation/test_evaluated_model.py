import numpy as np
import pytest
import torch
from torch import nn

from fer_model.network import HeadLogits
from training.datasets.label_sets import FOUR, SEVEN
from training.evaluation.calibration import Temperatures
from training.evaluation.evaluated_model import EvaluatedModel, Member


class Brightness(nn.Module):
    """Says "angry", and "neutral" to the taggers' question, the louder the brighter a picture."""

    def __init__(self):
        super().__init__()
        self.loudness = nn.Parameter(torch.tensor(1.0))

    def forward(self, pictures):
        logits = torch.zeros(len(pictures), 10)
        logits[:, 0] = self.loudness * pictures.mean(dim=(1, 2, 3)) / 100
        return HeadLogits(fer2013=logits[:, :7], ferplus=logits)


class FourLogits(nn.Module):
    """Says the same of every picture, with one head."""

    def __init__(self):
        super().__init__()
        self.logits = nn.Parameter(torch.tensor([2.0, 0.0, 0.0, 0.0]))

    def forward(self, pictures):
        return self.logits.expand(len(pictures), 4)


def make_member(network=None, *, label_set=SEVEN, fer2013=1.0, ferplus=1.0):
    return Member(
        version="test",
        network=network or Brightness(),
        label_set=label_set,
        temperatures=Temperatures(fer2013=fer2013, ferplus=ferplus),
    )


WHITE = np.full((2, 48, 48), 200, np.uint8)


def test_each_head_is_divided_by_its_temperature():
    answers = make_member(fer2013=2.0, ferplus=0.5).answer(WHITE)
    assert answers.fer2013[0, 0] == pytest.approx(np.e / (np.e + 6))
    assert answers.ferplus[1, 0] == pytest.approx(np.e**4 / (np.e**4 + 9))


def test_a_network_of_one_head_has_no_ferplus_answers():
    answers = make_member(FourLogits(), label_set=FOUR, ferplus=None).answer(WHITE)
    assert answers.fer2013.shape == (2, 4)
    assert answers.ferplus is None


def test_a_head_that_could_not_be_calibrated_is_silent():
    assert make_member(ferplus=None).answer(WHITE).ferplus is None


def test_an_ensemble_answers_with_the_mean_of_its_members_probabilities():
    members = (make_member(fer2013=1.0), make_member(fer2013=2.0))
    model = EvaluatedModel(name="both", members=members, abstain_below=0.4)
    each = [member.answer(WHITE).fer2013 for member in members]
    assert model.answer(WHITE).fer2013 == pytest.approx(np.mean(each, axis=0))
    assert model.num_parameters == 2


def test_members_of_different_label_sets_are_refused():
    with pytest.raises(ValueError, match="one label set"):
        EvaluatedModel(
            name="mixed", members=(make_member(), make_member(FourLogits(), label_set=FOUR)), abstain_below=0.4
        )
