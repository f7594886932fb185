"""Every shipped model gives the same probabilities in training's code, in the product and as an exported graph."""

import dataclasses

import numpy as np
import onnxruntime
import pytest
import torch

from core.emotions import FERPLUS_INDEX_OF_EMOTION
from fer_model.checkpoints.card import find_card
from fer_model.checkpoints.checkpoint import load_checkpoint
from fer_model.checkpoints.export import export_onnx
from fer_model.checkpoints.graph_interface import OUTPUTS
from fer_model.classification.graph_classifier import GraphClassifier
from fer_model.classification.network_classifier import NetworkClassifier
from fer_model.runtime import load_classifier
from training.learning.prediction import predict

SHIPPED = sorted(path.stem for path in find_card("small").parent.glob("*.json"))
TOLERANCE = 1e-5


def synthetic_pictures(num_pictures):
    """Flat pictures, noise of several strengths, waves and blobs, in turn."""
    rng = np.random.default_rng(num_pictures)
    y, x = np.mgrid[:48, :48] / 48
    pictures = []
    for index in range(num_pictures):
        kind, strength = index % 4, rng.uniform(1, 127)
        pattern = (
            np.zeros((48, 48)),
            rng.normal(size=(48, 48)),
            np.sin(x * rng.uniform(3, 30) + y * rng.uniform(3, 30)),
            np.exp(-20 * ((x - rng.uniform()) ** 2 + (y - rng.uniform()) ** 2)),
        )[kind]
        pictures.append((rng.uniform(0, 255) + strength * pattern).clip(0, 255))
    return np.array(pictures, np.uint8)


def training_side(network, card, pictures):
    """(answers (N, 10), fer2013 (N, 7)) by training's own prediction, the card's temperatures and views."""
    views = [pictures, np.ascontiguousarray(pictures[:, :, ::-1])][: card.views]
    logits = [predict(network, torch.from_numpy(view)) for view in views]
    answers = [torch.softmax(view.ferplus / card.ferplus_temperature, dim=1).numpy() for view in logits]
    fer2013 = [torch.softmax(view.fer2013 / card.fer2013_temperature, dim=1).numpy() for view in logits]
    return np.mean(answers, axis=0), np.mean(fer2013, axis=0)


@pytest.fixture(scope="module", params=SHIPPED)
def shipped(request, tmp_path_factory):
    card_path = find_card(request.param)
    graph_path = export_onnx(card_path, tmp_path_factory.mktemp(request.param))
    session = onnxruntime.InferenceSession(graph_path, providers=["CPUExecutionProvider"])
    return *load_checkpoint(card_path), session


@pytest.mark.parametrize("num_pictures", [1, 5, 64])
def test_training_product_and_graph_agree(shipped, num_pictures):
    network, card, session = shipped
    pictures = synthetic_pictures(num_pictures)
    graph = dict(zip(OUTPUTS, session.run(None, {"pictures": pictures}), strict=True))
    answers, fer2013 = training_side(network, card, pictures)
    product = NetworkClassifier(network, card).classify(pictures)
    seven = answers[:, FERPLUS_INDEX_OF_EMOTION]
    assert np.abs(graph["answers"] - answers).max() < TOLERANCE
    assert np.abs(graph["fer2013"] - fer2013).max() < TOLERANCE
    assert np.abs(graph["emotions"] - seven / seven.sum(axis=1, keepdims=True)).max() < TOLERANCE
    assert np.abs(graph["emotions"] - [reading.probs for reading in product]).max() < TOLERANCE
    assert np.abs(graph["unreadable"] - [reading.unreadable for reading in product]).max() < TOLERANCE


def test_what_a_cpu_serves_is_what_torch_says(shipped):
    network, card, _ = shipped
    pictures = synthetic_pictures(100)
    served = load_classifier(find_card(card.name))
    assert isinstance(served, GraphClassifier)
    reference = NetworkClassifier(network, card).classify(pictures)
    for reading, expected in zip(served.classify(pictures), reference, strict=True):
        assert reading.probs == pytest.approx(expected.probs, abs=TOLERANCE)
        assert reading.unreadable == pytest.approx(expected.unreadable, abs=TOLERANCE)
        assert reading.abstained == expected.abstained


def test_the_other_number_of_views_agrees_too(shipped, tmp_path):
    network, card, _ = shipped
    other = dataclasses.replace(card, views=3 - card.views)
    (tmp_path / f"{card.name}.json").write_text(other.to_json())
    weights = find_card(card.name).with_suffix(".safetensors")
    (tmp_path / weights.name).write_bytes(weights.read_bytes())
    graph_path = export_onnx(tmp_path / f"{card.name}.json", tmp_path)
    session = onnxruntime.InferenceSession(graph_path, providers=["CPUExecutionProvider"])
    pictures = synthetic_pictures(5)
    graph = dict(zip(OUTPUTS, session.run(None, {"pictures": pictures}), strict=True))
    assert np.abs(graph["answers"] - training_side(network, other, pictures)[0]).max() < TOLERANCE
    product = NetworkClassifier(network, other).classify(pictures)
    assert np.abs(graph["emotions"] - [reading.probs for reading in product]).max() < TOLERANCE
