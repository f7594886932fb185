"""S0's two networks. Kept: layers, Adam, batch 128, epochs, mirroring, 36 degrees, zoom.

Mended: one softmax where it applied two; nothing is chosen by its labels' frequency; validation is PublicTest without
twins, shown unchanged; the last weights count. Grey levels are fractions of white, inside the network.
"""

from typing import Final, Literal

from training.learning.objective import Labels
from training.learning.recipe import Adam, Constant, Phase, Recipe
from training.recipes.seed_augmentation import TURNED
from training.seed_networks.convolutional import Block, Convolution, Dense, PlainConvolution


def _block(num_channels: int, *, kernel_px: int = 3, padding: Literal["same", "valid"] = "same") -> Block:
    convolution = Convolution(num_channels=num_channels, kernel_px=kernel_px, padding=padding)
    return Block(convolutions=(convolution,), dropout=0.25)


#: 4,478,727 parameters as Keras counts them.
DEEP: Final = Recipe(
    name="s0-deep",
    summary="S0: four wide convolutions, 4.5 M parameters, seven emotions",
    architecture=PlainConvolution(
        num_labels=7,
        blocks=(_block(64), _block(128, kernel_px=5), _block(512), _block(512)),
        dense=(Dense(num_units=256, dropout=0.25), Dense(num_units=512, dropout=0.25)),
    ),
    objective=Labels(),
    phases=(Phase(num_epochs=40, augmentation=TURNED, mixup_alpha=0.0),),
    optimizer=Adam(),
    schedule=Constant(),
    ema_decay=0.0,
)

#: 3,300,103 parameters: both convolutions without padding, no norm on the dense layer.
SHALLOW: Final = Recipe(
    name="s0-shallow",
    summary="S0: two narrow convolutions, 3.3 M parameters, seven emotions",
    architecture=PlainConvolution(
        num_labels=7,
        blocks=(_block(32, padding="valid"), _block(64, padding="valid")),
        dense=(Dense(num_units=512, norm="none"),),
    ),
    objective=Labels(),
    phases=(Phase(num_epochs=50, augmentation=TURNED, mixup_alpha=0.0),),
    optimizer=Adam(),
    schedule=Constant(),
    ema_decay=0.0,
)
