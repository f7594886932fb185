"""S3's three frozen ImageNet networks with a small head; each needs `--weights FILE`, torchvision's.

Kept: bases, heads, epochs, Adam at 1e-3, pictures as they are. Batch 32 is assumed from its other network. Mended: the
base's norms stay as ImageNet left them; grey in three channels by ImageNet's own mean; pictures enlarged to 96 px.
"""

from typing import Final

from training.learning.objective import Labels
from training.learning.recipe import Adam, Constant, Phase, Recipe
from training.recipes.seed_augmentation import UNCHANGED
from training.seed_networks.frozen import FrozenBase


def _recipe(name: str, summary: str, architecture: FrozenBase, *, num_epochs: int) -> Recipe:
    return Recipe(
        name=name,
        summary=summary,
        architecture=architecture,
        objective=Labels(),
        phases=(Phase(num_epochs=num_epochs, augmentation=UNCHANGED, mixup_alpha=0.0),),
        optimizer=Adam(),
        schedule=Constant(),
        batch_size=32,
        ema_decay=0.0,
    )


MOBILENET: Final = _recipe(
    "s3-mobilenet",
    "S3: frozen MobileNetV2 (--weights), seven emotions",
    FrozenBase(num_labels=7, base="mobilenet_v2", gathering="average", num_hidden=128, dropout_before=0.3),
    num_epochs=25,
)

RESNET50: Final = _recipe(
    "s3-resnet50",
    "S3: frozen ResNet-50 (--weights), seven emotions",
    FrozenBase(num_labels=7, base="resnet50", gathering="average", num_hidden=128, dropout_before=0.3),
    num_epochs=50,
)

VGG16: Final = _recipe(
    "s3-vgg16",
    "S3: frozen VGG-16 (--weights), seven emotions",
    FrozenBase(num_labels=7, base="vgg16", gathering="flatten", num_hidden=256, dropout_after=0.5),
    num_epochs=25,
)
