import dataclasses

import numpy as np
import pytest
import torch

from fer_model.network import HeadLogits
from training.datasets.label_sets import SIX
from training.learning.objective import Labels, TwoHeads
from training.learning.targets import LabelTargets, make_targets


def targets_with(votes):
    return make_targets(torch.tensor([3, 6]), votes, label_smoothing=0.1, vote_smoothing=0.1)


def test_a_picture_without_votes_teaches_the_ferplus_head_nothing():
    votes = torch.zeros(2, 10)
    votes[0, 1] = 10
    one, two = torch.zeros(2, 10), torch.zeros(2, 10)
    two[1] = torch.arange(10.0)
    losses = [
        TwoHeads().loss(HeadLogits(fer2013=torch.zeros(2, 7), ferplus=x), targets_with(votes)) for x in (one, two)
    ]
    assert losses[0] == losses[1]


def test_while_training_each_head_is_held_against_its_own_labels(faces):
    faces.votes[1:] = 0  # nobody was asked about the others
    faces.votes[0] = 10 * np.eye(10)[2]  # surprise, in FER+'s order; its label is happy
    label = torch.from_numpy(faces.emotion_index)
    answer = HeadLogits(fer2013=torch.eye(7)[label], ferplus=torch.eye(10)[torch.full((96,), 2)])
    assert TwoHeads().accuracies(answer, faces) == {"fer2013": 1.0, "ferplus": 1.0}
    faces.votes[0] = 0
    assert TwoHeads().accuracies(answer, faces) == {"fer2013": 1.0}


def test_a_batch_without_any_votes_has_a_finite_loss():
    logits = HeadLogits(fer2013=torch.zeros(2, 7), ferplus=torch.zeros(2, 10))
    assert torch.isfinite(TwoHeads().loss(logits, targets_with(torch.zeros(2, 10))))


def test_a_right_answer_costs_less_than_a_wrong_one():
    targets = LabelTargets(probs=torch.eye(7)[:2])
    right, wrong = 5 * torch.eye(7)[:2], 5 * torch.eye(7)[2:4]
    assert Labels().loss(right, targets) < Labels().loss(wrong, targets)


def test_six_labels_are_counted_without_disgust(faces):
    targets = Labels(label_set=SIX).targets_of(faces)
    assert targets.probs.shape == (96, 6)
    assert sorted(np.unique(targets.probs.argmax(dim=1))) == [2, 3]  # happy and sad, one place earlier than in seven


def test_accuracies_are_shares_of_right_answers(faces):
    always_happy = torch.eye(7)[torch.full((96,), 3)]
    assert Labels().accuracies(always_happy, faces) == {"seven": 0.5}
    ferplus = torch.eye(10)[torch.full((96,), 1)]
    found = TwoHeads().accuracies(HeadLogits(fer2013=always_happy, ferplus=ferplus), faces)
    assert found == {"fer2013": pytest.approx(0.5), "ferplus": pytest.approx(0.5)}


def test_without_votes_only_labels_are_held_against(faces):
    silent = dataclasses.replace(faces, votes=0 * faces.votes)
    answer = HeadLogits(fer2013=torch.zeros(96, 7), ferplus=torch.zeros(96, 10))
    assert TwoHeads().accuracies(answer, silent).keys() == {"fer2013"}
