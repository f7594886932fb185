"""S2's shallow and wider networks, each with nine snapshots whose probabilities are summed. Six emotions.

Kept: layers, dropout, up to 10,000 iterations, a snapshot about every 1,000. Not stated there, so ours: Adam and batch
128, by which 45 epochs are 9,945 iterations and a snapshot is kept every 1,105. Mended: a fixed length, no selection.
`moodline evaluate RUN --snapshots` gives the ensemble; pictures may be aligned beforehand (`--align`).
"""

from typing import Final

from training.datasets.label_sets import SIX
from training.learning.objective import Labels
from training.learning.recipe import Adam, Constant, Phase, Recipe
from training.recipes.seed_augmentation import UNCHANGED
from training.seed_networks.convolutional import Block, Convolution, Dense, PlainConvolution


def _recipe(name: str, summary: str, architecture: PlainConvolution) -> Recipe:
    return Recipe(
        name=name,
        summary=summary,
        architecture=architecture,
        objective=Labels(label_set=SIX),
        phases=(Phase(num_epochs=45, augmentation=UNCHANGED, mixup_alpha=0.0),),
        optimizer=Adam(),
        schedule=Constant(),
        ema_decay=0.0,
        snapshot_every=5,
    )


def _halving(num_channels: int) -> Block:
    convolution = Convolution(num_channels=num_channels, kernel_px=5, stride=2, norm="none")
    return Block(convolutions=(convolution,), pooling="none")


def _pooled(num_channels: int) -> Block:
    return Block(convolutions=(Convolution(num_channels=num_channels, kernel_px=5, norm="none"),))


SHALLOW: Final = _recipe(
    "s2-shallow",
    "S2: two halving convolutions, snapshots, six emotions",
    PlainConvolution(num_labels=6, blocks=(_halving(16), _halving(36)), dense=(Dense(num_units=128, norm="none"),)),
)

WIDER: Final = _recipe(
    "s2-wider",
    "S2: three pooled convolutions, snapshots, six emotions",
    PlainConvolution(
        num_labels=6,
        blocks=(_pooled(32), _pooled(64), _pooled(64)),
        dense=(Dense(num_units=128, norm="none", dropout=0.3),),
    ),
)
