"""The form of a recipe: all that decides a training run beside the data. Knows no files and no network's insides."""

import math
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

import torch
from torch import nn

from training.learning.augmentation import Augmentation
from training.learning.objective import Objective


class Architecture(Protocol):
    """What a network is made of; a frozen dataclass, so that a recipe can be written down."""

    def build(self) -> nn.Module:
        """Make the network with fresh random weights: (N, 1, 48, 48) grey levels 0..255 -> logits."""
        ...


class OptimizerSettings(Protocol):
    """How weights are moved."""

    def build(self, network: nn.Module) -> torch.optim.Optimizer:
        """Make the optimiser of a network's weights, at its highest learning rate."""
        ...


@dataclass(frozen=True, kw_only=True)
class Sgd:
    """Stochastic gradient descent with Nesterov momentum."""

    learning_rate: float = 0.1
    momentum: float = 0.9
    weight_decay: float = 5e-4  # on convolution and head weights only, not on norms and biases

    def build(self, network: nn.Module) -> torch.optim.Optimizer:
        """Make the optimiser; norms and biases are left undecayed."""
        trained = [p for p in network.parameters() if p.requires_grad]
        groups = [
            {"params": [p for p in trained if p.ndim > 1], "weight_decay": self.weight_decay},
            {"params": [p for p in trained if p.ndim <= 1], "weight_decay": 0.0},
        ]
        return torch.optim.SGD(groups, lr=self.learning_rate, momentum=self.momentum, nesterov=self.momentum > 0)


@dataclass(frozen=True, kw_only=True)
class Adam:
    """Adam (Kingma & Ba 2015), as most of the seed systems use it."""

    learning_rate: float = 1e-3

    def build(self, network: nn.Module) -> torch.optim.Optimizer:
        """Make the optimiser of every trained weight."""
        return torch.optim.Adam([p for p in network.parameters() if p.requires_grad], lr=self.learning_rate)


class Schedule(Protocol):
    """How the learning rate changes while training."""

    def factor(self, done: float, total: float) -> float:
        """Share of the highest learning rate after `done` of `total` epochs."""
        ...


@dataclass(frozen=True, kw_only=True)
class Cosine:
    """Rise linearly, then fall along a cosine to nought (Loshchilov & Hutter 2017)."""

    num_warmup_epochs: float = 3

    def factor(self, done: float, total: float) -> float:
        """Share of the highest learning rate after `done` of `total` epochs."""
        warmup = min(self.num_warmup_epochs, total / 2)
        if done < warmup:
            return done / warmup
        return 0.5 * (1 + math.cos(math.pi * (done - warmup) / (total - warmup)))


@dataclass(frozen=True, kw_only=True)
class Constant:
    """The same learning rate throughout."""

    def factor(self, done: float, total: float) -> float:  # noqa: ARG002 - a schedule's signature
        """Always one."""
        return 1.0


@dataclass(frozen=True, kw_only=True)
class Phase:
    """A stretch of epochs that see the pictures in the same way."""

    num_epochs: int
    augmentation: Augmentation = field(default_factory=Augmentation)
    mixup_alpha: float = 0.2  # 0: off

    def __post_init__(self) -> None:
        if self.num_epochs < 1:
            raise ValueError(f"a phase has at least one epoch, got {self.num_epochs}")


class Voices(StrEnum):
    """Which members of an ensemble answer for a Training picture."""

    OUT_OF_FOLD = "out_of_fold"  # those that never saw it: no memory of its label, but one network of five
    ALL = "all"  # the whole ensemble: four of five members learned from the picture


@dataclass(frozen=True, kw_only=True)
class Distillation:
    """How much a student listens to a teacher (Hinton et al. 2015), beside labels and votes."""

    teacher_share: float  # of the targets, 0..1
    voices: Voices


@dataclass(frozen=True, kw_only=True)
class SelfTeaching:
    """How much a network listens to its own earlier answers (Kim et al. 2021), beside labels and votes."""

    final_share: float  # of the targets at the last epoch, 0..1; grows from nought
    memory: float = 0.7  # what an answer adds to the running mean is one less this

    def __post_init__(self) -> None:
        if not (0 <= self.final_share <= 1 and 0 <= self.memory < 1):
            raise ValueError(f"expected shares of 1, got {self.final_share} and {self.memory}")


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """Everything that decides a training run beside the data. Written into the run's folder and the model's card."""

    name: str
    summary: str  # one line for the list of recipes
    architecture: Architecture
    objective: Objective
    phases: tuple[Phase, ...]
    optimizer: OptimizerSettings = field(default_factory=Sgd)
    schedule: Schedule = field(default_factory=Cosine)
    batch_size: int = 128
    ema_decay: float = 0.999  # per step; the averaged weights are evaluated and shipped. 0: the last weights are
    distillation: Distillation | None = None  # None: no teacher
    self_teaching: SelfTeaching | None = None  # None: labels, votes and teacher alone
    snapshot_every: int = 0  # epochs between weights that are kept for a snapshot ensemble; 0: none are kept
    seed: int = 0

    def __post_init__(self) -> None:
        if self.self_teaching is not None and (self.distillation or any(phase.mixup_alpha for phase in self.phases)):
            raise ValueError(f"{self.name}: self-teaching needs answers to unblended pictures, and no other teacher")

    @property
    def num_epochs(self) -> int:
        """Of all phases."""
        return sum(phase.num_epochs for phase in self.phases)

    @property
    def grades(self) -> tuple[Augmentation, ...]:
        """The different augmentations of its phases, in order of appearance."""
        return tuple(dict.fromkeys(phase.augmentation for phase in self.phases))

    def phase_of(self, epoch_index: int) -> Phase:
        """Return the phase that an epoch (0-based) belongs to."""
        for phase in self.phases:
            if epoch_index < phase.num_epochs:
                return phase
            epoch_index -= phase.num_epochs
        raise ValueError(f"{self.name} has {self.num_epochs} epochs")
