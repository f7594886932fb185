"""S4's first and final networks, six emotions. Of the first one, the dense layer's 128 units and 20 epochs are ours.

Kept: layers (pooling after every convolution, so the last six see one pixel), ELU, He's initial weights, Adam at .01,
batch 32, 200 epochs, mirroring, zoom, shift, .1 degrees; mean .507 and deviation .255, but inside the network. Mended:
PrivateTest is not the validation set; recall is macro recall.
"""

from typing import Final

from training.datasets.label_sets import SIX
from training.learning.objective import Labels
from training.learning.recipe import Adam, Constant, Phase, Recipe
from training.recipes.seed_augmentation import SHIFTED
from training.seed_networks.convolutional import Block, Convolution, Dense, PlainConvolution


def _recipe(name: str, summary: str, architecture: PlainConvolution, *, num_epochs: int) -> Recipe:
    return Recipe(
        name=name,
        summary=summary,
        architecture=architecture,
        objective=Labels(label_set=SIX),
        phases=(Phase(num_epochs=num_epochs, augmentation=SHIFTED, mixup_alpha=0.0),),
        optimizer=Adam(learning_rate=0.01),
        schedule=Constant(),
        batch_size=32,
        ema_decay=0.0,
    )


BASE: Final = _recipe(
    "s4-base",
    "S4: two convolutions without pooling, six emotions",
    PlainConvolution(
        num_labels=len(SIX),
        blocks=(Block(convolutions=(Convolution(num_channels=32, norm="none"),) * 2, pooling="none"),),
        dense=(Dense(num_units=128, norm="none"),),
        mean=0.507,
        std=0.255,
    ),
    num_epochs=20,
)

FINAL: Final = _recipe(
    "s4-final",
    "S4: twelve convolutions, 3.8 M parameters, six emotions",
    PlainConvolution(
        num_labels=len(SIX),
        blocks=tuple(
            Block(convolutions=(Convolution(num_channels=width),), pooling="same", dropout=0.4)
            for width in (64,) * 2 + (128,) * 4 + (256,) * 6
        ),
        dense=(Dense(num_units=128, dropout=0.5),),
        activation="elu",
        initialiser="he_normal",
        mean=0.507,
        std=0.255,
    ),
    num_epochs=200,
)
