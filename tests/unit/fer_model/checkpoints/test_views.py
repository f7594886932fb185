import pytest
import torch

from fer_model.checkpoints.views import views_of

PICTURES = torch.arange(2 * 48 * 48, dtype=torch.float32).view(2, 1, 48, 48)


def test_one_view_is_the_picture_alone():
    (only,) = views_of(PICTURES, num_views=1)
    assert torch.equal(only, PICTURES)


def test_the_second_view_swaps_left_and_right_and_nothing_else():
    _, mirrored = views_of(PICTURES, num_views=2)
    assert torch.equal(mirrored[:, :, :, 0], PICTURES[:, :, :, 47])
    assert torch.equal(mirrored.flip(3), PICTURES)


def test_there_is_no_third_view():
    with pytest.raises(ValueError, match="3"):
        views_of(PICTURES, num_views=3)
