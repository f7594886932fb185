import pytest
import torch

from fer_model.network import (
    EmotionNetwork,
    NetworkShape,
    normalise_contrast,
    num_parameters,
    pictures_to_tensor,
)
from training.recipes.small import SMALL, SMALL_PRUNED

TINY = NetworkShape(widths=(4, 8), depths=(1, 1))


def test_the_heads_answer_in_seven_and_ten_classes():
    logits = EmotionNetwork(TINY).eval()(torch.zeros(3, 1, 48, 48))
    assert logits.fer2013.shape == (3, 7)
    assert logits.ferplus.shape == (3, 10)


def test_the_small_network_stays_under_a_million_parameters():
    assert num_parameters(EmotionNetwork(SMALL.architecture)) == 918_177
    assert num_parameters(EmotionNetwork(SMALL_PRUNED.architecture)) == 825_633


def test_exposure_and_contrast_hardly_change_what_the_network_sees():
    picture = 40 + 100 * torch.rand(1, 1, 48, 48)
    same = normalise_contrast(picture)
    assert torch.allclose(same, normalise_contrast(picture + 60), atol=1e-4)
    assert (same - normalise_contrast(picture * 1.5)).abs().max() < 0.4


def test_a_flat_picture_becomes_zeros_and_not_infinite():
    assert (normalise_contrast(torch.full((1, 1, 48, 48), 200.0)) == 0).all()


def test_shape_and_type_of_pictures_are_checked():
    with pytest.raises(ValueError, match=r"\(1, 47, 48\)"):
        pictures_to_tensor(torch.zeros(1, 47, 48, dtype=torch.uint8))
    with pytest.raises(ValueError, match="float32"):
        pictures_to_tensor(torch.zeros(1, 48, 48))


def test_a_shape_with_unequal_stages_is_refused():
    with pytest.raises(ValueError, match="one entry a stage"):
        NetworkShape(widths=(1, 2), depths=(1,))
