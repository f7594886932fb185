import pytest
import torch

from fer_model.ensemble import NetworkEnsemble, build_servable
from fer_model.network import EmotionNetwork, NetworkShape

TINY = NetworkShape(widths=(4, 8), depths=(1, 1))


def pictures():
    return 255 * torch.rand(3, 1, 48, 48, generator=torch.Generator().manual_seed(0))


@torch.inference_mode()
def test_an_ensemble_answers_with_the_mean_of_probabilities():
    members = [EmotionNetwork(TINY).eval() for _ in range(3)]
    together = NetworkEnsemble(members)(pictures())
    for head in ("fer2013", "ferplus"):
        apart = [torch.softmax(getattr(member(pictures()), head), dim=1) for member in members]
        assert torch.softmax(getattr(together, head), dim=1) == pytest.approx(torch.stack(apart).mean(dim=0), abs=1e-6)


@torch.inference_mode()
def test_copies_of_one_network_answer_as_it_does():
    member = EmotionNetwork(TINY).eval()
    alone, together = member(pictures()), NetworkEnsemble([member, member])(pictures())
    assert torch.softmax(together.ferplus, dim=1) == pytest.approx(torch.softmax(alone.ferplus, dim=1), abs=1e-6)


def test_one_member_is_a_plain_network():
    assert isinstance(build_servable(TINY, num_members=1), EmotionNetwork)
    assert len(build_servable(TINY, num_members=3).members) == 3
    with pytest.raises(ValueError, match="got 0"):
        build_servable(TINY, num_members=0)
