"""Several networks of one shape that answer as one: what a checkpoint may hold in place of a single network."""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from fer_model.network import EmotionNetwork, HeadLogits, NetworkShape


class NetworkEnsemble(nn.Module):
    """Answers with the logarithm of the members' mean probabilities, so that it is read as a single network is."""

    def __init__(self, members: Sequence[EmotionNetwork]) -> None:
        super().__init__()
        self.members = nn.ModuleList(members)

    def forward(self, pictures: Tensor) -> HeadLogits:
        """(N, 1, 48, 48) float grey levels in 0..255 -> logits of both heads."""
        answers = [member(pictures) for member in self.members]
        return HeadLogits(
            fer2013=mean_probs([answer.fer2013 for answer in answers]).log(),
            ferplus=mean_probs([answer.ferplus for answer in answers]).log(),
        )


#: What a checkpoint may hold.
ServableNetwork = EmotionNetwork | NetworkEnsemble


def build_servable(shape: NetworkShape, *, num_members: int) -> ServableNetwork:
    """Make a network, or an ensemble of several of the same shape, with fresh random weights."""
    if num_members < 1:
        raise ValueError(f"a checkpoint holds at least one network, got {num_members}")
    members = [EmotionNetwork(shape) for _ in range(num_members)]
    return members[0] if num_members == 1 else NetworkEnsemble(members)


def mean_probs(logits: Sequence[Tensor]) -> Tensor:
    """Average the probabilities of members or views: each (N, K) logits -> (N, K) probabilities."""
    return torch.stack([torch.softmax(each.float(), dim=1) for each in logits]).mean(dim=0)
