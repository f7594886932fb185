"""The recipes of the five seed systems; docs/seeds.md sets what they claim beside what ours give."""

from typing import Final

from training.learning.recipe import Recipe
from training.recipes import (
    s0_deep_and_shallow,
    s1_three_depths,
    s2_ensembles,
    s2_resnet34,
    s3_convolutional,
    s3_frozen,
    s4_twelve_layers,
)

SEED_RECIPES: Final[tuple[Recipe, ...]] = (
    s0_deep_and_shallow.DEEP,
    s0_deep_and_shallow.SHALLOW,
    s1_three_depths.MINIMAL,
    s1_three_depths.BASIC,
    s1_three_depths.ADVANCED,
    s2_ensembles.SHALLOW,
    s2_ensembles.WIDER,
    s2_resnet34.RESNET34,
    s3_convolutional.SEVEN_EMOTIONS,
    s3_convolutional.FOUR_EMOTIONS,
    s3_frozen.MOBILENET,
    s3_frozen.RESNET50,
    s3_frozen.VGG16,
    s4_twelve_layers.BASE,
    s4_twelve_layers.FINAL,
)
