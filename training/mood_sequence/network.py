"""The network: a GRU reads bins and gaps, and says by how much each of the next bins may differ from the last seen.

Its last layer begins at zero, so that an unlearned network says that all stays as it is: it must earn any other answer.
"""

from typing import Final

import torch
from torch import Tensor, nn

from core.emotions import EMOTIONS

NUM_EMOTIONS: Final = len(EMOTIONS)

#: Bins ahead that are foretold.
HORIZON: Final = 10

#: No probability is taken for smaller: a forecast of zero would be wrong without end.
LEAST_PROB: Final = 1e-4

_NUM_INPUTS: Final = 2 * NUM_EMOTIONS + 2


class MoodGru(nn.Module):
    """Bins up to now to probabilities of the next HORIZON bins."""

    def __init__(self, *, num_hidden: int) -> None:
        super().__init__()
        self.num_hidden = num_hidden
        self.gru = nn.GRU(_NUM_INPUTS, num_hidden, batch_first=True)
        self.change = nn.Linear(num_hidden, HORIZON * NUM_EMOTIONS)
        nn.init.zeros_(self.change.weight)
        nn.init.zeros_(self.change.bias)

    def forward(self, probs: Tensor, is_seen: Tensor) -> Tensor:
        """Turn (B, T, 7) probabilities and (B, T) whether they were seen into (B, T, HORIZON, 7) log probabilities."""
        last, age = last_seen(probs, is_seen)
        level = _log_odds(last)
        now = torch.where(is_seen[..., None], _log_odds(probs), torch.zeros_like(probs))
        inputs = torch.cat([now, level, is_seen[..., None].float(), torch.log1p(age)[..., None]], dim=-1)
        hidden, _ = self.gru(inputs)  # (B, T, num_hidden)
        changes = self.change(hidden).unflatten(-1, (HORIZON, NUM_EMOTIONS))  # (B, T, HORIZON, 7)
        return torch.log_softmax(level[..., None, :] + changes, dim=-1)


def last_seen(probs: Tensor, is_seen: Tensor) -> tuple[Tensor, Tensor]:
    """Return what was last seen up to each bin (B, T, 7), evenly spread before anything was, and bins since (B, T)."""
    places = torch.arange(probs.shape[1], device=probs.device)
    index = torch.where(is_seen, places, -1).cummax(dim=1).values  # (B, T)
    carried = probs.gather(1, index.clamp(min=0)[..., None].expand_as(probs))
    carried = torch.where(index[..., None] < 0, torch.full_like(probs, 1 / NUM_EMOTIONS), carried)
    return carried, (places - index).float()


def _log_odds(probs: Tensor) -> Tensor:
    """Logarithms with their mean at zero."""
    logs = torch.log(probs.clamp(min=LEAST_PROB))
    return logs - logs.mean(dim=-1, keepdim=True)
