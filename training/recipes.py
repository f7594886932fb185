"""What to train and how: one frozen recipe a network, each value with its reason or source."""

from dataclasses import dataclass, field

from fer_model.network import NetworkShape
from training.augmentation import Augmentation


@dataclass(frozen=True, kw_only=True)
class Cycle:
    """A stretch of training in which the learning rate falls along a cosine to zero (Loshchilov & Hutter 2017)."""

    num_epochs: int
    learning_rate: float  # at its start; SGD with Nesterov momentum 0.9


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """Everything that decides a training run beside the data. Written into the checkpoint's card."""

    name: str
    shape: NetworkShape
    augmentation: Augmentation = field(default_factory=Augmentation)
    cycles: tuple[Cycle, ...]
    batch_size: int = 128
    num_warmup_epochs: int = 3  # of the first cycle
    weight_decay: float = 5e-4  # on convolution and head weights only, not on norms and biases
    label_smoothing: float = 0.1  # of the FER2013 head; FER+ votes are soft already
    mixup_alpha: float = 0.2
    ema_decay: float = 0.999  # per step; the averaged weights are what is evaluated and shipped
    fer2013_weight: float = 0.5  # of the FER2013 head's loss; the FER+ head's is 1
    vote_smoothing: float = 0.1  # added to each of the ten votes before they are made a distribution
    seed: int = 0

    @property
    def num_epochs(self) -> int:
        """Of all cycles."""
        return sum(cycle.num_epochs for cycle in self.cycles)


#: The embedded default: plain 3x3 residual, under 1 M parameters, because depthwise networks are slower on a CPU.
SMALL = Recipe(
    name="small",
    shape=NetworkShape(widths=(16, 32, 64, 128), depths=(2, 2, 2, 1)),
    cycles=(Cycle(num_epochs=60, learning_rate=0.1), Cycle(num_epochs=25, learning_rate=0.05)),
)

RECIPES = {recipe.name: recipe for recipe in (SMALL,)}
