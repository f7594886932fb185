"""Fit the network to sequences: Adam, gaps made at random, stopped where watched sessions are foretold best."""

import copy
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from training.mood_sequence.network import HORIZON, LEAST_PROB, NUM_EMOTIONS, MoodGru, last_seen
from training.mood_sequence.series import MoodSeries, Split


@dataclass(frozen=True, kw_only=True)
class Fitting:
    """How the network is fitted."""

    num_epochs: int = 80
    num_patient_epochs: int = 15  # without a better one, then it stops
    batch_size: int = 16
    learning_rate: float = 5e-3
    weight_decay: float = 1e-4
    num_hidden: int = 32
    share_hidden_bins: float = 0.1  # of the seen bins, made gaps while learning
    seed: int = 0


@dataclass(frozen=True, kw_only=True)
class Fitted:
    """A fitted network, and how that went."""

    network: MoodGru
    best_epoch: int  # 0: nothing that was learned foretold the watched sessions better than that all stays
    watched_losses: tuple[float, ...]  # mean divergence after each epoch, the first before any


def fit(split: Split, how: Fitting, *, say: Callable[[str], None] = lambda _: None) -> Fitted:
    """Fit to the learned sessions; keep the weights of the epoch that foretells the watched ones best.

    On one thread: so small a network spends more time on handing work to a second one than it saves.
    """
    num_threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        return _fit(split, how, say)
    finally:
        torch.set_num_threads(num_threads)


def _fit(split: Split, how: Fitting, say: Callable[[str], None]) -> Fitted:
    torch.manual_seed(how.seed)
    draw = np.random.default_rng(how.seed)
    network = MoodGru(num_hidden=how.num_hidden)
    optimizer = torch.optim.AdamW(network.parameters(), lr=how.learning_rate, weight_decay=how.weight_decay)
    watched = _batches(split.watched, how.batch_size, order=np.arange(len(split.watched)))
    losses = [_mean_loss(network, watched)]
    best, best_epoch = copy.deepcopy(network.state_dict()), 0
    for epoch in range(1, how.num_epochs + 1):
        network.train()
        for probs, is_seen in _batches(split.learned, how.batch_size, order=draw.permutation(len(split.learned))):
            shown = is_seen & (torch.from_numpy(draw.random(is_seen.shape)) >= how.share_hidden_bins)
            loss = _loss(network(probs, shown), probs, is_seen, shown)
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
        losses.append(_mean_loss(network, watched))
        say(f"epoch {epoch}/{how.num_epochs}  watched sessions diverge {losses[-1]:.4f} (all stays: {losses[0]:.4f})")
        if losses[-1] < losses[best_epoch]:
            best, best_epoch = copy.deepcopy(network.state_dict()), epoch
        elif epoch - best_epoch >= how.num_patient_epochs:
            break
    network.load_state_dict(best)
    return Fitted(network=network.eval().requires_grad_(False), best_epoch=best_epoch, watched_losses=tuple(losses))


def _loss(log_probs: Tensor, probs: Tensor, is_seen: Tensor, shown: Tensor) -> Tensor:
    """Mean divergence of forecasts (B, T, HORIZON, 7) from what was seen later."""
    _, age = last_seen(probs, shown)
    has_begun = age <= torch.arange(probs.shape[1], device=probs.device)
    total, count = probs.new_zeros(()), probs.new_zeros(())
    for ahead in range(1, min(HORIZON, probs.shape[1] - 1) + 1):
        came = probs[:, ahead:].clamp(min=LEAST_PROB)
        each = (came * (came.log() - log_probs[:, :-ahead, ahead - 1])).sum(dim=-1)
        is_counted = is_seen[:, ahead:] & has_begun[:, :-ahead]
        total, count = total + (each * is_counted).sum(), count + is_counted.sum()
    return total / count.clamp(min=1)


def _mean_loss(network: MoodGru, batches: Sequence[tuple[Tensor, Tensor]]) -> float:
    network.eval()
    with torch.inference_mode():
        return float(np.mean([float(_loss(network(p, seen), p, seen, seen)) for p, seen in batches]))


def _batches(
    series: Sequence[MoodSeries], batch_size: int, *, order: "np.ndarray[tuple[int], np.dtype[np.intp]]"
) -> list[tuple[Tensor, Tensor]]:
    """Group sequences, padded at their ends with gaps: (B, T, 7) and (B, T)."""
    found = []
    for begin in range(0, len(order), batch_size):
        group = [series[index] for index in order[begin : begin + batch_size]]
        num_bins = max(len(each.is_seen) for each in group)
        probs = torch.full((len(group), num_bins, NUM_EMOTIONS), 1 / NUM_EMOTIONS)
        is_seen = torch.zeros((len(group), num_bins), dtype=torch.bool)
        for row, each in enumerate(group):
            probs[row, : len(each.is_seen)] = torch.from_numpy(each.probs)
            is_seen[row, : len(each.is_seen)] = torch.from_numpy(each.is_seen)
        found.append((probs, is_seen))
    return found
