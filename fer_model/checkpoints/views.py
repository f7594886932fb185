"""The views of a picture whose probabilities a model averages: itself, and its mirror image. Knows tensors only."""

import torch
from torch import Tensor

from fer_model.checkpoints.card import VIEWS


def views_of(pictures: Tensor, *, num_views: int) -> tuple[Tensor, ...]:
    """(N, 1, 48, 48) -> `num_views` tensors of that shape: the pictures, then their mirror images."""
    if num_views not in VIEWS:
        raise ValueError(f"a picture has {VIEWS} views, got {num_views!r}")
    return (pictures, torch.flip(pictures, dims=(3,)))[:num_views]
