"""What to train and how: one frozen recipe a network, each value with its reason or source."""

from dataclasses import dataclass, field

from fer_model.network import NetworkShape
from training.augmentation import Augmentation


@dataclass(frozen=True, kw_only=True)
class Cycle:
    """A stretch of training in which the learning rate falls along a cosine to zero (Loshchilov & Hutter 2017)."""

    num_epochs: int
    learning_rate: float  # at its start; SGD with Nesterov momentum 0.9
    augmentation: Augmentation = field(default_factory=Augmentation)
    mixup_alpha: float = 0.2  # 0: off


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """Everything that decides a training run beside the data. Written into the checkpoint's card."""

    name: str
    shape: NetworkShape
    cycles: tuple[Cycle, ...]
    batch_size: int = 128
    num_warmup_epochs: int = 3  # of the first cycle
    weight_decay: float = 5e-4  # on convolution and head weights only, not on norms and biases
    label_smoothing: float = 0.1  # of the FER2013 head; FER+ votes are soft already
    ema_decay: float = 0.999  # per step; the averaged weights are what is evaluated and shipped
    fer2013_weight: float = 0.5  # of the FER2013 head's loss; the FER+ head's is 1
    vote_smoothing: float = 0.1  # added to each of the ten votes before they are made a distribution
    seed: int = 0

    @property
    def num_epochs(self) -> int:
        """Of all cycles."""
        return sum(cycle.num_epochs for cycle in self.cycles)

    def cycle_of(self, epoch_index: int) -> Cycle:
        """Return the cycle that an epoch (0-based) belongs to."""
        for cycle in self.cycles:
            if epoch_index < cycle.num_epochs:
                return cycle
            epoch_index -= cycle.num_epochs
        raise ValueError(f"the recipe has {self.num_epochs} epochs")


#: For the last epochs: the network ends on pictures as they are, with some of every degradation left in.
_GENTLE = Augmentation(low_resolution_p=0.08, noise_p=0.08, erase_p=0.2, max_rotation_degrees=12.0, max_scale=0.15)

#: The embedded default: plain 3x3 residual, under 1 M parameters, because depthwise networks are slower on a CPU.
SMALL = Recipe(
    name="small",
    shape=NetworkShape(widths=(16, 32, 64, 128), depths=(2, 2, 2, 1)),
    cycles=(
        Cycle(num_epochs=60, learning_rate=0.1),
        Cycle(num_epochs=25, learning_rate=0.05),
        Cycle(num_epochs=15, learning_rate=0.03, augmentation=_GENTLE, mixup_alpha=0.0),
    ),
)

RECIPES = {recipe.name: recipe for recipe in (SMALL,)}
