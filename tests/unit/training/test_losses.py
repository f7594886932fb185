import pytest
import torch

from fer_model.network import HeadLogits
from training.losses import make_targets, mixup, two_head_loss


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


def test_a_picture_without_votes_teaches_the_ferplus_head_nothing():
    votes = torch.zeros(2, 10)
    votes[0, 1] = 10
    targets = make(votes=votes)
    one, two = torch.zeros(2, 10), torch.zeros(2, 10)
    two[1] = torch.arange(10.0)
    losses = [
        two_head_loss(HeadLogits(fer2013=torch.zeros(2, 7), ferplus=x), targets, fer2013_weight=0.5) for x in (one, two)
    ]
    assert losses[0] == losses[1]


def test_a_batch_without_any_votes_has_a_finite_loss():
    logits = HeadLogits(fer2013=torch.zeros(2, 7), ferplus=torch.zeros(2, 10))
    assert torch.isfinite(two_head_loss(logits, make(votes=torch.zeros(2, 10)), fer2013_weight=0.5))


def test_mixup_blends_pictures_and_targets_alike():
    pictures = torch.stack([torch.zeros(1, 48, 48), torch.ones(1, 48, 48)])
    targets = make(labels=(0, 1))
    for seed in range(10):
        mixed, blended = mixup(pictures, targets, 0.2, torch.Generator().manual_seed(seed))
        share_of_second = mixed.mean(dim=(1, 2, 3))
        expected = targets.fer2013[0, 1] + share_of_second * (targets.fer2013[1, 1] - targets.fer2013[0, 1])
        assert torch.allclose(blended.fer2013[:, 1], expected, atol=1e-5)
