import pytest
import torch

from training.learning.draws import Draws
from training.learning.targets import LabelTargets, make_targets, mixup


def make(labels=(3, 6), votes=None):
    if votes is None:
        votes = torch.zeros(len(labels), 10)
        votes[:, 1] = 10
    return make_targets(torch.tensor(labels), votes, label_smoothing=0.1, vote_smoothing=0.1)


def test_targets_are_distributions_that_lean_to_their_labels():
    targets = make()
    assert targets.fer2013.sum(dim=1) == pytest.approx(1)
    assert targets.ferplus.sum(dim=1) == pytest.approx(1)
    assert targets.fer2013.argmax(dim=1).tolist() == [3, 6]
    assert targets.ferplus.argmax(dim=1).tolist() == [1, 1]


def test_mixup_blends_pictures_and_targets_alike():
    pictures = torch.stack([torch.zeros(1, 48, 48), torch.ones(1, 48, 48)])
    targets = make(labels=(0, 1))
    for seed in range(10):
        mixed, blended = mixup(pictures, targets, 0.2, Draws.seeded(seed))
        share_of_second = mixed.mean(dim=(1, 2, 3))
        expected = targets.fer2013[0, 1] + share_of_second * (targets.fer2013[1, 1] - targets.fer2013[0, 1])
        assert torch.allclose(blended.fer2013[:, 1], expected, atol=1e-5)


def test_mixup_of_one_head_keeps_distributions():
    targets = LabelTargets(probs=torch.eye(4))
    _, blended = mixup(torch.zeros(4, 1, 8, 8), targets, 1.0, Draws.seeded(0))
    assert blended.probs.sum(dim=1) == pytest.approx(1)
    assert not torch.equal(blended.probs, targets.probs)


def test_without_alpha_nothing_is_blended():
    targets = make()
    assert mixup(torch.zeros(2, 1, 8, 8), targets, 0.0, Draws.seeded(0))[1] is targets


def test_a_row_without_votes_counts_in_no_blend():
    votes = torch.zeros(2, 10)
    votes[0, 1] = 10
    blended = make(votes=votes).mixed(make(votes=votes.flip(0)), 0.5)
    assert blended.ferplus_weight.tolist() == [0, 0]
