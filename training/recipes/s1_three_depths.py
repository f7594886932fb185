"""S1's three networks. Kept: layers, Adam, batch 64, 15 epochs, mirroring.

Mended: no weights are chosen on the test set; validation pictures are not mirrored; grey levels are fractions of white
in training too. Early stopping and the drops of the learning rate at a plateau become all 15 epochs along a cosine.
"""

from typing import Final

from training.learning.objective import Labels
from training.learning.recipe import Adam, Architecture, Cosine, Phase, Recipe
from training.recipes.s0_deep_and_shallow import DEEP
from training.recipes.seed_augmentation import MIRRORED
from training.seed_networks.convolutional import Block, Convolution, Dense, PlainConvolution


def _recipe(name: str, summary: str, architecture: Architecture) -> Recipe:
    return Recipe(
        name=name,
        summary=summary,
        architecture=architecture,
        objective=Labels(),
        phases=(Phase(num_epochs=15, augmentation=MIRRORED, mixup_alpha=0.0),),
        optimizer=Adam(),
        schedule=Cosine(num_warmup_epochs=0),
        batch_size=64,
        ema_decay=0.0,
    )


def _block(num_channels: int) -> Block:
    return Block(convolutions=(Convolution(num_channels=num_channels),), dropout=0.25)


MINIMAL: Final = _recipe(
    "s1-minimal",
    "S1: one convolution, seven emotions",
    PlainConvolution(num_labels=7, blocks=(_block(32),), dense=(Dense(num_units=64, dropout=0.25),)),
)

BASIC: Final = _recipe(
    "s1-basic",
    "S1: two convolutions, seven emotions",
    PlainConvolution(
        num_labels=7, blocks=(_block(32), _block(64)), dense=(Dense(num_units=128, norm="none", dropout=0.25),)
    ),
)

ADVANCED: Final = _recipe("s1-advanced", "S1: S0's deep network under S1's training", DEEP.architecture)
