"""A graph says what its checkpoint says, however many faces come at once; a graph that is not the card's is refused."""

import dataclasses

import numpy as np
import onnx
import pytest
from onnx import numpy_helper

from core.errors import EnvironmentFault
from fer_model.checkpoints.card import read_card
from fer_model.checkpoints.checkpoint import load_checkpoint, save_checkpoint
from fer_model.checkpoints.export import add_graph
from fer_model.classification.graph_classifier import GraphClassifier, load_graph
from fer_model.classification.network_classifier import NetworkClassifier
from fer_model.network import EmotionNetwork, NetworkShape
from fer_model.runtime import load_classifier
from tests.factories import make_card

SHAPE = NetworkShape(widths=(4, 8), depths=(1, 1))


@pytest.fixture
def card_path(tmp_path):
    fields = dataclasses.asdict(make_card(network=dataclasses.asdict(SHAPE), ferplus_temperature=0.02))
    del fields["sha256"]
    save_checkpoint(EmotionNetwork(SHAPE).eval(), fields, tmp_path)
    add_graph(tmp_path / "tiny.json")
    return tmp_path / "tiny.json"


@pytest.fixture
def crops():
    return np.random.default_rng(0).integers(0, 256, (20, 48, 48), dtype=np.uint8)


def test_readings_are_the_references(card_path, crops):
    network, card = load_checkpoint(card_path)
    reference = NetworkClassifier(network, card).classify(crops)
    for reading, expected in zip(load_graph(card_path, card).classify(crops), reference, strict=True):
        assert reading.probs == pytest.approx(expected.probs, abs=1e-5)
        assert reading.unreadable == pytest.approx(expected.unreadable, abs=1e-5)


def test_a_face_reads_the_same_in_any_company(card_path, crops):
    card = read_card(card_path)
    graph = card_path.with_suffix(".onnx").read_bytes()
    results = [GraphClassifier(graph, card, batch_size=size).classify(crops) for size in (1, 8, 64)]
    assert results[0] == results[1] == results[2]


def test_nobody_gives_no_readings(card_path):
    assert load_classifier(card_path).classify(np.empty((0, 48, 48), np.uint8)) == []


def test_a_cpu_serves_the_graph_where_the_card_names_one(card_path):
    assert isinstance(load_classifier(card_path), GraphClassifier)
    card = read_card(card_path)
    without = dataclasses.replace(card, graph_sha256=None)
    assert without.version == card.version
    card_path.write_text(without.to_json())
    assert isinstance(load_classifier(card_path), NetworkClassifier)


def test_another_graph_is_refused(card_path):
    graph_path = card_path.with_suffix(".onnx")
    graph_path.write_bytes(graph_path.read_bytes()[:-1] + b"x")
    with pytest.raises(EnvironmentFault, match=r"tiny\.onnx: SHA-256 is .*, the card says"):
        load_classifier(card_path)


def test_a_missing_graph_is_named(card_path):
    card_path.with_suffix(".onnx").unlink()
    with pytest.raises(EnvironmentFault, match=r"tiny\.onnx: cannot be read"):
        load_classifier(card_path)


def test_a_graph_keeps_weights_at_half_precision_without_changing_them(card_path):
    network, _ = load_checkpoint(card_path)
    stored = {
        tensor.name: numpy_helper.to_array(tensor)
        for tensor in onnx.load(card_path.with_suffix(".onnx")).graph.initializer
    }
    name = "network.trunk.0.conv1.weight"
    assert stored[f"{name}_half"].dtype == np.float16
    assert np.array_equal(
        stored[f"{name}_half"].astype(np.float32), network.state_dict()["trunk.0.conv1.weight"].numpy()
    )
