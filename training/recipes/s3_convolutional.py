"""S3's own network, for seven emotions and for the four of its browser page.

Kept: layers, Adam at 1e-3, batch 32, 25 epochs, pictures as they are. Mended: grey levels are fractions of white in
training as in use, where it scaled each column of a picture apart; the official splits; validation is watched.
"""

from typing import Final

from training.datasets.label_sets import FOUR, SEVEN, LabelSet
from training.learning.objective import Labels
from training.learning.recipe import Adam, Constant, Phase, Recipe
from training.recipes.seed_augmentation import UNCHANGED
from training.seed_networks.convolutional import Block, Convolution, Dense, PlainConvolution


def _block(num_channels: int) -> Block:
    first = Convolution(num_channels=num_channels)
    second = Convolution(num_channels=num_channels, kernel_px=5, norm="none")
    return Block(convolutions=(first, second), dropout=0.5)


def _recipe(name: str, summary: str, label_set: LabelSet) -> Recipe:
    return Recipe(
        name=name,
        summary=summary,
        architecture=PlainConvolution(
            num_labels=len(label_set),
            blocks=(_block(32), _block(64), _block(128)),
            dense=(Dense(num_units=256, norm="none"),),
        ),
        objective=Labels(label_set=label_set),
        phases=(Phase(num_epochs=25, augmentation=UNCHANGED, mixup_alpha=0.0),),
        optimizer=Adam(),
        schedule=Constant(),
        batch_size=32,
        ema_decay=0.0,
    )


SEVEN_EMOTIONS: Final = _recipe("s3-conv", "S3: six convolutions, seven emotions", SEVEN)
FOUR_EMOTIONS: Final = _recipe("s3-conv-four", "S3: six convolutions, the browser page's four emotions", FOUR)
