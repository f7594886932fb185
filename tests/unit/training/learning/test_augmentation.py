import pytest
import torch

from training.learning.augmentation import Augmentation, augment
from training.learning.draws import Draws

NOTHING = Augmentation(
    max_rotation_degrees=0,
    max_scale=0,
    max_shift=0,
    max_gamma=0,
    low_resolution_p=0,
    noise_p=0,
    erase_p=0,
)


def make_pictures(num=8):
    return 255 * torch.rand(num, 1, 48, 48, generator=torch.Generator().manual_seed(1))


def draws(seed=0):
    return Draws.seeded(seed)


def test_the_same_seed_makes_the_same_changes_and_another_does_not():
    pictures = make_pictures()
    first, again, other = (augment(pictures, Augmentation(), draws(seed)) for seed in (0, 0, 1))
    assert torch.equal(first, again)
    assert not torch.equal(first, other)


def test_shape_and_grey_levels_stay():
    changed = augment(make_pictures(), Augmentation(), draws())
    assert changed.shape == (8, 1, 48, 48)
    assert changed.min() >= 0
    assert changed.max() <= 255


def test_without_strength_a_picture_is_only_mirrored():
    pictures = make_pictures(16)
    changed = augment(pictures, NOTHING, draws())
    kept = torch.isclose(changed, pictures, atol=0.1).all(dim=(1, 2, 3))
    mirrored = torch.isclose(changed, pictures.flip(3), atol=0.1).all(dim=(1, 2, 3))
    assert (kept ^ mirrored).all()
    assert kept.any()
    assert mirrored.any()


def test_rotation_is_in_degrees():
    column = torch.zeros(1, 1, 48, 48)
    column[..., 23:25] = 255.0
    strong = Augmentation(**{**vars(NOTHING), "max_rotation_degrees": 90.0})
    turned = [augment(column, strong, draws(seed)) for seed in range(20)]
    widths = [int((picture.amax(dim=2) > 60).sum()) for picture in turned]
    assert max(widths) > 30  # far from upright: 0.1 of a degree or of a turn would not do this by chance alone
    assert min(widths) < 20


@pytest.mark.parametrize("change", [{"erase_p": 1.0}, {"noise_p": 1.0}, {"low_resolution_p": 1.0}, {"max_gamma": 0.4}])
def test_every_change_changes_something(change):
    pictures = make_pictures()
    changed = augment(pictures, Augmentation(**{**vars(NOTHING), **change}), draws())
    unchanged = augment(pictures, NOTHING, draws())
    assert not torch.equal(changed, unchanged)


def test_without_mirroring_no_picture_is_mirrored():
    pictures = make_pictures(16)
    changed = augment(pictures, Augmentation(**{**vars(NOTHING), "flip_p": 0.0}), draws())
    assert torch.allclose(changed, pictures, atol=0.1)
