"""S2's ResNet-34, six emotions. Kept: the 34 layers. Not stated there, so ours: Adam, batch 128, 45 epochs.

Mended: a fixed length and no selection. Grey levels are standardised inside the network.
"""

from typing import Final

from training.datasets.label_sets import SIX
from training.learning.objective import Labels
from training.learning.recipe import Adam, Cosine, Phase, Recipe
from training.recipes.seed_augmentation import UNCHANGED
from training.seed_networks.residual import GreyResnet34

RESNET34: Final = Recipe(
    name="s2-resnet34",
    summary="S2: ResNet-34 from random weights, six emotions",
    architecture=GreyResnet34(num_labels=len(SIX)),
    objective=Labels(label_set=SIX),
    phases=(Phase(num_epochs=45, augmentation=UNCHANGED, mixup_alpha=0.0),),
    optimizer=Adam(),
    schedule=Cosine(num_warmup_epochs=1),
    ema_decay=0.0,
)
