"""Bugs that public systems hide (docs/seeds.md), each held off by a test of our own code."""

import dataclasses
import inspect
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch
from safetensors.torch import load, save
from torch import nn

from core.emotions import EMOTIONS
from fer_model.checkpoints.checkpoint import load_checkpoint, save_checkpoint
from fer_model.classification.classifier import read_answers
from fer_model.classification.network_classifier import NetworkClassifier
from fer_model.network import NetworkShape
from tests.factories import make_card
from training.datasets.class_folders import read_class_folders
from training.datasets.face_set import FaceSet
from training.datasets.fer2013 import has_training_twin
from training.datasets.label_sets import SEVEN
from training.datasets.training_rows import rows_to_learn, rows_to_watch
from training.evaluation.metrics import measure_labels
from training.learning.augmentation import augment
from training.learning.draws import Draws
from training.learning.prediction import predict
from training.learning.train import train
from training.recipes import s0_deep_and_shallow, s2_ensembles, s4_twelve_layers
from training.recipes.seed_augmentation import MIRRORED, TURNED, UNCHANGED
from training.recipes.seeds import SEED_RECIPES
from training.seed_table import read_rows, render_table, with_table

DOCS = Path(__file__).resolve().parents[3] / "docs"


def make_pictures(num=6):
    return np.random.default_rng(3).integers(0, 256, (num, 48, 48), dtype=np.uint8)


def make_faces(num=12):
    """Random pictures, all different, a third of them in each split."""
    return FaceSet(
        pictures=make_pictures(num),
        emotion_index=np.arange(num) % 7,
        votes=np.zeros((num, 10), np.float32),
        split_index=np.repeat([0, 1, 2], num // 3),
        row_index=np.arange(num),
    )


def as_served(network, folder):
    """The classifier that a worker would load from the network's checkpoint, and its card's fields."""
    card = dataclasses.asdict(make_card()) | {"ferplus_temperature": 1.7}
    del card["sha256"]
    save_checkpoint(network, card | {"network": dataclasses.asdict(SHAPE)}, folder)
    return NetworkClassifier(*load_checkpoint(folder / "tiny.json"))


SHAPE = NetworkShape(widths=(4, 8), depths=(1, 1))


# 1. preprocessing in use is not preprocessing in training


def test_served_probabilities_are_those_of_an_evaluation_while_training(tmp_path):
    network = SHAPE.build().half().float().eval()  # weights that a checkpoint stores without rounding
    pictures = make_pictures()
    evaluated = torch.softmax(predict(network, torch.from_numpy(pictures)).ferplus.double() / 1.7, dim=1).numpy()
    served = as_served(network, tmp_path).classify(pictures)
    expected = [read_answers(row, abstain_below=0.3).probs for row in evaluated]
    assert [reading.probs for reading in served] == [pytest.approx(probs, abs=2e-6) for probs in expected]


@pytest.mark.parametrize(
    "recipe", [s0_deep_and_shallow.SHALLOW, s4_twelve_layers.FINAL], ids=lambda recipe: recipe.name
)
def test_a_seed_networks_weights_need_no_preprocessing_beside_them(recipe):
    trained, loaded = recipe.architecture.build(), recipe.architecture.build()
    loaded.load_state_dict(load(save(trained.state_dict())))
    pictures = torch.from_numpy(make_pictures())
    assert torch.equal(predict(loaded, pictures), predict(trained, pictures))


@pytest.mark.thorough
@pytest.mark.parametrize(
    "recipe", [recipe for recipe in SEED_RECIPES if not recipe.name.startswith("s3-")], ids=lambda recipe: recipe.name
)
def test_every_seed_network_brings_grey_levels_to_its_range_itself(recipe):
    seen = []
    network = recipe.architecture.build().eval()
    first = next(layer for layer in network.modules() if isinstance(layer, nn.Conv2d))
    first.register_forward_pre_hook(lambda _, inputs: seen.append(inputs[0]))
    network(torch.tensor([0.0, 255.0]).view(2, 1, 1, 1).expand(2, 1, 48, 48))
    assert -2.5 < seen[0].min() <= 0
    assert 0.99 <= seen[0].max() < 2.5


# 2. a softmax of a softmax: with seven classes its certainty ends at e / (e + 6) = .312


def test_a_seed_network_can_be_all_but_certain():
    network = s0_deep_and_shallow.SHALLOW.architecture.build()
    nn.init.zeros_(network.head[-1].weight)
    network.head[-1].bias.data = torch.tensor([0.0, 0, 0, 20, 0, 0, 0])
    probs = torch.softmax(predict(network, torch.from_numpy(make_pictures(1))), dim=1)
    assert probs.max() > 0.99


def test_the_served_network_can_be_all_but_certain(tmp_path):
    network = SHAPE.build()
    nn.init.zeros_(network.ferplus_head.weight)
    nn.init.zeros_(network.ferplus_head.bias)
    network.ferplus_head.bias.data[1] = 20  # FER+'s happiness
    (reading,) = as_served(network, tmp_path).classify(make_pictures(1))
    assert reading.probs[EMOTIONS.index("happy")] > 0.99


# 3. weights chosen on the test set


def test_training_is_given_no_test_pictures():
    faces = make_faces()
    given = [rows_to_learn(faces, SEVEN), rows_to_watch(faces, SEVEN)]
    assert {split for rows in given for split in rows.split_index.tolist()} == {0, 1}
    assert {"lessons", "validation"} <= set(inspect.signature(train).parameters)
    assert not {"test", "faces", "data"} & set(inspect.signature(train).parameters)


# 4. the same picture in training and test


def test_copies_across_splits_are_found_and_not_watched():
    faces = make_faces()
    faces.pictures[[5, 9]] = faces.pictures[1]
    assert np.flatnonzero(has_training_twin(faces)).tolist() == [5, 9]
    assert 5 not in rows_to_watch(faces, SEVEN).row_index


# 5. classes by their folders' alphabetical place


def test_neutral_is_six_from_folders_as_from_the_published_file(tmp_path):
    for emotion, picture in zip(EMOTIONS, make_pictures(7), strict=True):
        (tmp_path / emotion).mkdir()
        cv2.imwrite(str(tmp_path / emotion / "a.png"), picture)
    assert sorted(EMOTIONS).index("neutral") == 4  # what other tools make of the same folders
    faces = read_class_folders(tmp_path)
    (row,) = np.flatnonzero((faces.pictures == make_pictures(7)[6]).all(axis=(1, 2)))
    assert faces.emotion_index[row] == 6


# 6. tables typed by hand


def test_the_page_shows_what_its_figures_say():
    page = (DOCS / "seeds.md").read_text(encoding="utf-8")
    assert with_table(page, render_table(read_rows(DOCS / "seeds.json"))) == page


# 7. augmented validation pictures


def test_validation_pictures_reach_the_network_unchanged():
    seen = []

    class Listener(nn.Module):
        def __init__(self):
            super().__init__()
            self.weight = nn.Parameter(torch.zeros(1))

        def forward(self, pictures):
            seen.append(pictures)
            return torch.zeros(len(pictures), 7)

    watched = rows_to_watch(make_faces(), SEVEN)
    predict(Listener(), torch.from_numpy(watched.pictures))
    assert np.array_equal(seen[0].squeeze(1).numpy(), make_faces().split("PublicTest").pictures)


# 8. a recall that is none


def test_recall_is_the_mean_of_the_classes_recalls_however_sure_the_answers_are():
    label_index = np.array([0] * 9 + [1])
    unsure = np.tile([0.4, 0.3, 0.3], (10, 1))  # right answers of p < .5 would not count in Keras' Recall()
    found = measure_labels(unsure, label_index, ("often", "rare", "never"))
    assert found.accuracy.value == pytest.approx(0.9)
    assert found.macro_recall == pytest.approx(0.5)


# 9. the units of rotation, and what a flip mirrors


def test_s0_turns_by_up_to_36_degrees():
    line = torch.zeros(200, 1, 48, 48)
    line[..., 6:42, 23:25] = 255.0
    turned = augment(line, dataclasses.replace(TURNED, max_scale=0.0), Draws.seeded(0)).squeeze(1).numpy()
    angles = []
    for picture in turned:
        y, x = np.nonzero(picture > 100)
        spread = np.linalg.svd(np.stack([x - x.mean(), y - y.mean()]), full_matrices=False)[0][:, 0]
        angles.append(np.degrees(np.arctan2(abs(spread[0]), abs(spread[1]))))
    assert 33 < max(angles) < 38


def test_s4_does_not_turn_although_it_asks_for_the_same_number():
    assert s4_twelve_layers.FINAL.phases[0].augmentation.max_rotation_degrees == 0.1


def test_a_flip_mirrors_left_and_right():
    pictures = 255 * torch.rand(4, 1, 48, 48)
    flipped = augment(pictures, dataclasses.replace(MIRRORED, flip_p=1.0), Draws.seeded(0))
    assert torch.allclose(flipped, pictures.flip(3), atol=0.1)


def test_s2_sees_pictures_as_they_are():
    pictures = 255 * torch.rand(4, 1, 48, 48)
    assert s2_ensembles.WIDER.phases[0].augmentation == UNCHANGED
    assert torch.allclose(augment(pictures, UNCHANGED, Draws.seeded(0)), pictures, atol=0.1)
