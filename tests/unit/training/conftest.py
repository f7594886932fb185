"""A data set that a tiny network can learn in a second, and a recipe for it."""

import numpy as np
import pytest

from fer_model.network import NetworkShape
from training.datasets.face_set import FaceSet
from training.learning.objective import TwoHeads
from training.learning.recipe import Cosine, Phase, Recipe


@pytest.fixture
def faces():
    """96 pictures of two kinds, bright above (happy) or bright below (sad), in all three splits."""
    rng = np.random.default_rng(0)
    labels = np.arange(96) % 2
    pictures = rng.integers(0, 60, (96, 48, 48), dtype=np.uint8)
    pictures[labels == 0, :24] += 150
    pictures[labels == 1, 24:] += 150
    votes = np.zeros((96, 10), np.float32)
    votes[labels == 0, 1] = 10  # happiness
    votes[labels == 1, 3] = 10  # sadness
    return FaceSet(
        pictures=pictures,
        emotion_index=np.where(labels == 0, 3, 4),
        votes=votes,
        split_index=np.repeat([0, 1, 2], 32),
        row_index=np.arange(96),
    )


@pytest.fixture
def tiny():
    """A recipe of two epochs."""
    return Recipe(
        name="tiny",
        summary="for tests",
        architecture=NetworkShape(widths=(4, 8), depths=(1, 1), dropout=0.2),
        objective=TwoHeads(),
        phases=(Phase(num_epochs=1), Phase(num_epochs=1, mixup_alpha=0.0)),
        schedule=Cosine(num_warmup_epochs=1),
        batch_size=16,
    )


@pytest.fixture
def registered(tiny, monkeypatch):
    """The tiny recipe, found by its name like any other."""
    from training.recipes import registry

    monkeypatch.setitem(registry.RECIPES, tiny.name, tiny)
    return tiny
