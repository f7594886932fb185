"""All recipes by name."""

from typing import Final

from core.errors import InputError
from training.learning.recipe import Recipe
from training.recipes.large import LARGE
from training.recipes.quick import QUICK_TAUGHT, TEACHER, TEACHER_WIDE
from training.recipes.seeds import SEED_RECIPES
from training.recipes.small import (
    MEMBER,
    SMALL,
    SMALL_ADAPTED,
    SMALL_AGAIN,
    SMALL_PLAIN,
    SMALL_PRUNED,
    SMALL_TAUGHT,
)

_SMALLS: Final = (SMALL, SMALL_PLAIN, SMALL_TAUGHT, SMALL_AGAIN, SMALL_PRUNED, SMALL_ADAPTED, MEMBER)

_OURS: Final = (*_SMALLS, QUICK_TAUGHT, TEACHER, TEACHER_WIDE, LARGE)

RECIPES: Final = {recipe.name: recipe for recipe in (*_OURS, *SEED_RECIPES)}


def find_recipe(name: str) -> Recipe:
    """Return a recipe. Raises InputError that names the others."""
    try:
        return RECIPES[name]
    except KeyError as error:
        raise InputError(f"no recipe is called {name!r}; choose one of {', '.join(sorted(RECIPES))}") from error
