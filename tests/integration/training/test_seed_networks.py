import dataclasses
import hashlib

import numpy as np
import pytest
import torch
from safetensors.torch import load, save
from torch import nn

from core.emotions import EMOTIONS
from core.errors import InputError
from training.datasets.face_set import FaceSet
from training.learning.lessons import LabelledLessons
from training.learning.prediction import predict
from training.learning.recipe import Cosine
from training.learning.run import Run
from training.learning.train import train_epoch
from training.recipes.seeds import SEED_RECIPES
from training.seed_networks import frozen, pretrained
from training.seed_networks.frozen import FrozenBase, FrozenNetwork, require_weights

RECIPE_OF = {recipe.name: recipe for recipe in SEED_RECIPES}


def num_keras_parameters(network):
    """As Keras prints them: weights, biases, and batch norm's two learned and two moving numbers a channel."""
    moving = (value for name, value in network.named_buffers() if "running_" in name)
    return sum(value.numel() for value in [*network.parameters(), *moving])


def random_weights(base, path=""):  # noqa: ARG001 - stands in for the reading of a file
    """ImageNet's weights' shapes with random values; classifiers, which are cut off, stay zero."""
    from torchvision import models

    with torch.device("meta"):
        shapes = models.get_model(base, weights=None).state_dict()
    generator = torch.Generator().manual_seed(0)
    weights = {name: torch.zeros(value.shape, dtype=value.dtype) for name, value in shapes.items()}
    for name, value in weights.items():
        if value.ndim == 4:
            value.normal_(0, (2 / value[0].numel()) ** 0.5, generator=generator)
        elif "running_var" in name or (value.ndim == 1 and "weight" in name):
            value.fill_(1)
    return weights


def make_faces(label_set, num=8):
    """Random pictures of every emotion of a label set."""
    emotion = np.array([EMOTIONS.index(name) for name in label_set.emotions])
    return FaceSet(
        pictures=np.random.default_rng(0).integers(0, 256, (num, 48, 48), dtype=np.uint8),
        emotion_index=emotion[np.arange(num) % len(emotion)],
        votes=np.zeros((num, 10), np.float32),
        split_index=np.zeros(num, np.int64),
        row_index=np.arange(num),
    )


@pytest.fixture
def given_weights(monkeypatch):
    """Recipes that start from ImageNet weights find some."""
    monkeypatch.setattr(frozen, "load_imagenet_weights", random_weights)


def with_given_weights(recipe):
    """The recipe with a file for its frozen base, if it has one, on small pictures for speed."""
    if not isinstance(recipe.architecture, FrozenBase):
        return recipe
    architecture = dataclasses.replace(recipe.architecture, weights_path="a file", side_px=32)
    return dataclasses.replace(recipe, architecture=architecture)


@pytest.mark.parametrize(
    ("name", "num"),
    [("s0-deep", 4_478_727), ("s0-shallow", 3_300_103), ("s1-advanced", 4_478_727), ("s4-final", 3_842_630)],
)
def test_parameters_count_as_their_authors_print_them(name, num):
    assert num_keras_parameters(RECIPE_OF[name].architecture.build()) == num


def test_resnet34_differs_from_torchvisions_in_its_first_and_last_layer_only():
    published = 21_797_672
    first_layer, last_layer = 64 * 7 * 7 * (3 - 1), 512 * 1000 + 1000 - (512 * 6 + 6)
    with torch.device("meta"):  # shapes only
        network = RECIPE_OF["s2-resnet34"].architecture.build()
    assert sum(value.numel() for value in network.parameters()) == published - first_layer - last_layer


@pytest.mark.parametrize(
    ("name", "sides"),
    [("s2-shallow", [24, 12]), ("s2-wider", [24, 12, 6]), ("s4-final", [24, 12, 6, 3, 2, 1] + [1] * 6)],
)
def test_pictures_shrink_as_their_authors_print(name, sides):
    x, found = torch.zeros(1, 1, 48, 48), []
    for layer in RECIPE_OF[name].architecture.build().eval().trunk:
        x = layer(x)
        if isinstance(layer, nn.Dropout):  # ends each block
            found.append(x.shape[-1])
    assert found == sides


def test_s2_wider_needs_its_printed_flops_at_the_pooled_sizes():
    network = RECIPE_OF["s2-wider"].architecture.build()
    convolutions = [layer for layer in network.trunk if isinstance(layer, nn.Conv2d)]
    multiply_adds = sum(layer.weight.numel() * side**2 for layer, side in zip(convolutions, (24, 12, 6), strict=True))
    multiply_adds += sum(layer.weight.numel() for layer in network.head if isinstance(layer, nn.Linear))
    assert float(f"{multiply_adds:.1e}") == 1.2e7


@pytest.mark.parametrize("recipe", SEED_RECIPES, ids=lambda recipe: recipe.name)
@pytest.mark.usefixtures("given_weights")
def test_every_recipe_trains_an_epoch_and_answers_one_logit_a_label(recipe):
    recipe = dataclasses.replace(with_given_weights(recipe), batch_size=2)
    faces = make_faces(recipe.objective.label_set, num=2)
    run = Run.start(recipe, torch.device("cpu"))
    before = {name: value.clone() for name, value in run.network.named_parameters() if value.requires_grad}
    loss = train_epoch(run, recipe, LabelledLessons(faces, recipe, torch.device("cpu")))
    assert np.isfinite(loss)
    assert any(not torch.equal(value, before[name]) for name, value in run.network.named_parameters() if name in before)
    answer = predict(run.averaged, torch.from_numpy(faces.pictures))
    assert answer.shape == (2, len(recipe.objective.label_set))
    for no_logits in (answer, answer.exp()):  # neither probabilities nor their logarithms
        assert not torch.allclose(no_logits.sum(dim=1), torch.ones(2))


@pytest.mark.parametrize("recipe", SEED_RECIPES, ids=lambda recipe: recipe.name)
def test_every_recipe_ends_with_its_last_weights(recipe):
    assert recipe.ema_decay == 0
    assert recipe.num_epochs % max(1, recipe.snapshot_every) == 0
    assert (
        not isinstance(recipe.schedule, Cosine) or recipe.schedule.factor(recipe.num_epochs, recipe.num_epochs) < 1e-9
    )


def test_s2_keeps_nine_snapshots():
    assert {RECIPE_OF[name].num_epochs // RECIPE_OF[name].snapshot_every for name in ("s2-shallow", "s2-wider")} == {9}


def make_frozen(num_labels=3):
    """A frozen network with a base of one normalised convolution."""
    base = nn.Sequential(nn.Conv2d(3, 4, 3, 32, 1), nn.BatchNorm2d(4))
    head = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(4, num_labels))
    return FrozenNetwork(base, head, side_px=96, is_base_given=True)


def test_a_frozen_base_keeps_its_weights_and_its_norms_while_the_head_learns():
    network = make_frozen().train()
    before = {name: value.clone() for name, value in network.state_dict().items()}
    optimizer = torch.optim.SGD([value for value in network.parameters() if value.requires_grad], lr=0.1)
    network(255 * torch.rand(4, 1, 48, 48)).logsumexp(dim=1).sum().backward()
    optimizer.step()
    changed = {name for name, value in network.state_dict().items() if not torch.equal(value, before[name])}
    assert changed == {"head.2.weight", "head.2.bias"}
    assert {name for name, value in network.named_parameters() if value.requires_grad} == changed


def test_a_frozen_base_sees_grey_by_imagenets_own_mean():
    network, seen = make_frozen(), []
    network.base.register_forward_pre_hook(lambda _, inputs: seen.append(inputs[0]))
    network(torch.full((1, 1, 48, 48), 255.0))
    assert seen[0].shape == (1, 3, 96, 96)
    assert seen[0][0, :, 50, 50].tolist() == pytest.approx(
        [(1 - 0.485) / 0.229, (1 - 0.456) / 0.224, (1 - 0.406) / 0.225]
    )


@pytest.mark.usefixtures("given_weights")
def test_a_frozen_base_carries_the_given_weights():
    network = with_given_weights(RECIPE_OF["s3-mobilenet"]).architecture.build()
    assert torch.equal(network.base[0][0].weight, random_weights("mobilenet_v2")["features.0.0.weight"])


@pytest.mark.usefixtures("given_weights")
def test_a_trained_frozen_network_comes_back_without_the_imagenet_file():
    recipe = RECIPE_OF["s3-mobilenet"]
    trained = with_given_weights(recipe).architecture.build().eval()
    again = dataclasses.replace(recipe.architecture, side_px=32).build().eval()
    again.load_state_dict(load(save(trained.state_dict())))
    pictures = torch.from_numpy(make_faces(recipe.objective.label_set, num=2).pictures)
    assert torch.equal(predict(again, pictures), predict(trained, pictures))


def test_a_frozen_network_without_its_weights_says_which_option_gives_them():
    with pytest.raises(InputError, match="--weights FILE"):
        RECIPE_OF["s3-mobilenet"].architecture.build()(torch.zeros(1, 1, 48, 48))


@pytest.mark.parametrize(
    ("name", "file_name"),
    [
        ("s3-mobilenet", "mobilenet_v2-b0353104.pth"),
        ("s3-resnet50", "resnet50-0676ba61.pth"),
        ("s3-vgg16", "vgg16-397923af.pth"),
    ],
)
def test_the_wanted_file_is_named(name, file_name):
    with pytest.raises(InputError, match=f"{file_name} and give it with --weights FILE$"):
        require_weights(RECIPE_OF[name].architecture)


def test_recipes_without_given_weights_require_none():
    require_weights(RECIPE_OF["s0-deep"].architecture)


def test_another_file_or_none_is_refused(tmp_path):
    other = tmp_path / "other.pth"
    other.write_bytes(b"not weights")
    with pytest.raises(InputError, match=r"SHA-256 is .*, not b0353104"):
        pretrained.load_imagenet_weights("mobilenet_v2", str(other))
    with pytest.raises(InputError, match="No such file or directory"):
        pretrained.load_imagenet_weights("mobilenet_v2", str(tmp_path / "none.pth"))


def test_a_file_with_the_wanted_digest_is_read(tmp_path, monkeypatch):
    path = tmp_path / "weights.pth"
    torch.save({"weight": torch.ones(2)}, path)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()

    class Weights:
        url = f"https://example.org/mobilenet_v2-{digest[:8]}.pth"

    monkeypatch.setattr("torchvision.models.get_weight", lambda _: Weights)
    assert torch.equal(pretrained.load_imagenet_weights("mobilenet_v2", str(path))["weight"], torch.ones(2))


def test_a_side_that_the_bases_cannot_divide_is_refused():
    with pytest.raises(ValueError, match="multiple of 32, got 100"):
        dataclasses.replace(RECIPE_OF["s3-vgg16"].architecture, side_px=100)
