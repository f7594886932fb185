"""`large`: the accurate network: the residual network of 18 layers at FER2013's own size, with channel gates."""

from typing import Final

from fer_model.network import NetworkShape
from training.learning.objective import TwoHeads
from training.learning.recipe import Phase, Recipe, Sgd
from training.recipes.small import GENTLE

#: 11.27 M parameters, 1.2 G multiply-adds, 22.5 MB as shipped: seven minutes an epoch on two CPU cores.
SHAPE: Final = NetworkShape(widths=(64, 128, 256, 512), depths=(2, 2, 2, 2), squeeze_ratio=16, dropout=0.3)

LARGE: Final = Recipe(
    name="large",
    summary="the accurate one: 11.3 M parameters, both label sets; needs a GPU",
    architecture=SHAPE,
    objective=TwoHeads(),
    phases=(
        Phase(num_epochs=120),
        Phase(num_epochs=40, augmentation=GENTLE, mixup_alpha=0.0),
    ),
    optimizer=Sgd(learning_rate=0.1),
    batch_size=256,
)
