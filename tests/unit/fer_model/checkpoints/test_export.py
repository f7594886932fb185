import dataclasses
import json
import sys

import numpy as np
import onnx
import onnxruntime
import pytest
import torch

from core.documents import NOTICE
from core.emotions import EMOTIONS
from core.errors import EnvironmentFault
from fer_model.checkpoints.checkpoint import load_checkpoint, save_checkpoint
from fer_model.checkpoints.export import export_onnx, export_safetensors
from fer_model.checkpoints.graph_interface import OUTPUTS
from fer_model.classification.network_classifier import NetworkClassifier
from fer_model.network import EmotionNetwork, NetworkShape
from tests.factories import make_card

PLAIN = NetworkShape(widths=(4, 8), depths=(1, 1))
GATED = NetworkShape(widths=(4, 8), depths=(1, 1), stem_stride=2, squeeze_ratio=4)


def make_checkpoint(folder, *, shape=PLAIN, **overrides):
    """Save a tiny untrained network whose low temperatures spread its probabilities; return its card's path."""
    torch.manual_seed(0)
    temperatures = {"fer2013_temperature": 0.01, "ferplus_temperature": 0.02}
    fields = dataclasses.asdict(make_card(network=dataclasses.asdict(shape), **temperatures | overrides))
    del fields["sha256"]
    save_checkpoint(EmotionNetwork(shape).eval(), fields, folder)
    return folder / "tiny.json"


def make_pictures(num_pictures):
    """Noise, with flat pictures and ramps among it."""
    pictures = np.random.default_rng(0).integers(0, 256, (num_pictures, 48, 48), dtype=np.uint8)
    for index, level in enumerate((0, 7, 255)):
        pictures[index + 1 : index + 2] = level
    pictures[4:5] = np.arange(48) * 5
    return pictures


def run_graph(path, pictures):
    """Run a graph on one thread; return its outputs by name."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    return dict(zip(OUTPUTS, session.run(None, {"pictures": pictures}), strict=True))


@pytest.fixture
def out(tmp_path):
    folder = tmp_path / "out"
    folder.mkdir()
    return folder


@pytest.fixture(scope="module", params=[(PLAIN, 1), (PLAIN, 2), (GATED, 2)])
def exported(request, tmp_path_factory):
    """A checkpoint's card and its graph, by shape of the network and number of views."""
    shape, views = request.param
    folder = tmp_path_factory.mktemp("exported")
    card_path = make_checkpoint(folder, shape=shape, views=views)
    return card_path, export_onnx(card_path, folder)


@pytest.mark.parametrize("num_pictures", [0, 1, 5, 64])
def test_the_graph_says_what_the_product_says(exported, num_pictures):
    card_path, graph_path = exported
    pictures = make_pictures(num_pictures)
    found = run_graph(graph_path, pictures)
    readings = NetworkClassifier(*load_checkpoint(card_path)).classify(pictures)
    assert found["emotions"].shape == (num_pictures, 7)
    for index, reading in enumerate(readings):
        assert found["emotions"][index] == pytest.approx(reading.probs, abs=1e-5)
        assert found["unreadable"][index] == pytest.approx(reading.unreadable, abs=1e-5)
        assert found["abstained"][index] == reading.abstained


def test_some_pictures_are_abstained_from_and_some_are_not(tmp_path, out):
    answers = run_graph(export_onnx(make_checkpoint(tmp_path), out), make_pictures(64))["answers"]
    threshold = float(np.median(answers[:, :7].max(axis=1)))
    found = run_graph(export_onnx(make_checkpoint(tmp_path, abstain_below=threshold), out), make_pictures(64))
    assert 0 < found["abstained"].sum() < 64
    assert (found["abstained"] == (found["answers"][:, :7].max(axis=1) < threshold)).all()


def test_both_answers_without_an_emotion_count_as_unreadable(tmp_path, out):
    card_path = make_checkpoint(tmp_path, ferplus_temperature=1.0)  # so warm that every answer has its share
    found = run_graph(export_onnx(card_path, out), make_pictures(5))
    assert (found["answers"][:, 8:] > 0.01).all()
    assert found["unreadable"] == pytest.approx(found["answers"][:, 8:].sum(axis=1), abs=1e-6)


def test_all_shares_sum_to_one(tmp_path, out):
    found = run_graph(export_onnx(make_checkpoint(tmp_path, views=2), out), make_pictures(5))
    for name in ("emotions", "answers", "fer2013"):
        assert found[name].sum(axis=1) == pytest.approx(1, abs=1e-6)


def test_pictures_that_are_not_grey_levels_of_a_crop_are_refused(tmp_path, out):
    path = export_onnx(make_checkpoint(tmp_path), out)
    for wrong in (np.zeros((1, 48, 48), np.float32), np.zeros((1, 64, 64), np.uint8)):
        with pytest.raises(Exception, match="INVALID_ARGUMENT"):
            run_graph(path, wrong)


def test_the_graph_says_what_it_is(tmp_path, out):
    card_path = make_checkpoint(tmp_path)
    model = onnx.load(export_onnx(card_path, out))
    said = {item.key: item.value for item in model.metadata_props}
    card = load_checkpoint(card_path)[1]
    assert said["model_version"] == card.version
    assert said["sha256"] == card.sha256
    assert said["crop_rule"] == card.crop_rule
    assert said["notice"] == NOTICE
    assert json.loads(said["emotions"]) == list(EMOTIONS)
    assert float(said["abstain_below"]) == card.abstain_below


def test_the_graph_says_what_it_takes_and_gives(tmp_path, out):
    graph = onnx.load(export_onnx(make_checkpoint(tmp_path), out)).graph
    said = {value.name: value.doc_string for value in (*graph.input, *graph.output)}
    assert "48, 48) uint8" in said["pictures"]
    assert ", ".join(EMOTIONS) in said["emotions"]
    assert all(said.values())


def test_the_graph_is_one_whole_file_for_old_runtimes_too(tmp_path, out):
    path = export_onnx(make_checkpoint(tmp_path), out)
    model = onnx.load(path, load_external_data=False)
    assert list(out.iterdir()) == [path]
    assert not any(tensor.external_data for tensor in model.graph.initializer)
    assert {opset.version for opset in model.opset_import} == {17}


def test_the_same_checkpoint_makes_the_same_bytes(tmp_path, out):
    card_path = make_checkpoint(tmp_path)
    assert export_onnx(card_path, out).read_bytes() == export_onnx(card_path, out).read_bytes()


def test_exported_weights_load_again_with_their_card(tmp_path, out):
    card_path = make_checkpoint(tmp_path)
    weights_path, copied_card_path = export_safetensors(card_path, out)
    assert weights_path.read_bytes() == card_path.with_suffix(".safetensors").read_bytes()
    assert load_checkpoint(copied_card_path)[1] == load_checkpoint(card_path)[1]


@pytest.mark.parametrize("export", [export_onnx, export_safetensors])
def test_altered_weights_are_not_exported(tmp_path, out, export):
    card_path = make_checkpoint(tmp_path)
    card_path.with_suffix(".safetensors").write_bytes(b"altered")
    with pytest.raises(EnvironmentFault, match="SHA-256"):
        export(card_path, out)
    assert list(out.iterdir()) == []


def test_a_missing_package_is_one_line_with_the_remedy(tmp_path, out, monkeypatch):
    monkeypatch.setitem(sys.modules, "onnx", None)
    with pytest.raises(EnvironmentFault, match=r"onnx is not installed; .*pip install onnx"):
        export_onnx(make_checkpoint(tmp_path), out)


def test_a_file_that_cannot_be_written_is_named(tmp_path, out):
    (out / "tiny.onnx").mkdir()
    with pytest.raises(EnvironmentFault, match=r"tiny\.onnx: cannot be written"):
        export_onnx(make_checkpoint(tmp_path), out)
