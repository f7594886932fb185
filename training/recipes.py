"""What to train and how: one frozen recipe a network, each value with its reason or source."""

from dataclasses import dataclass, field

from fer_model.network import NetworkShape
from training.augmentation import Augmentation


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """Everything that decides a training run beside the data. Written into the checkpoint's card."""

    name: str
    shape: NetworkShape
    augmentation: Augmentation = field(default_factory=Augmentation)
    num_epochs: int = 80
    batch_size: int = 128
    learning_rate: float = 0.1  # SGD with Nesterov momentum 0.9, cosine to zero
    num_warmup_epochs: int = 3
    weight_decay: float = 5e-4  # on convolution and head weights only, not on norms and biases
    label_smoothing: float = 0.1  # of the FER2013 head; FER+ votes are soft already
    mixup_alpha: float = 0.2
    ema_decay: float = 0.999  # per step; the averaged weights are what is evaluated and shipped
    fer2013_weight: float = 0.5  # of the FER2013 head's loss; the FER+ head's is 1
    vote_smoothing: float = 0.1  # added to each of the ten votes before they are made a distribution
    seed: int = 0


#: The embedded default: plain 3x3 residual, under 1 M parameters, because depthwise networks are slower on a CPU.
SMALL = Recipe(name="small", shape=NetworkShape(widths=(16, 32, 64, 128), depths=(2, 2, 2, 1)))

RECIPES = {recipe.name: recipe for recipe in (SMALL,)}
