"""A checkpoint given out for use without Moodline: its two files as they are, or one ONNX graph that needs no more.

The graph takes what the crop rule makes, uint8 grey levels, and does all the rest inside. uint8, because the type then
says what is wanted: a graph of floats would take 0..1 without a word, and answer wrongly.
"""

import dataclasses
import hashlib
import json
import warnings
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType
from typing import Final

import torch
from torch import Tensor, nn

from core.documents import NOTICE
from core.emotions import EMOTIONS, FERPLUS_COLUMNS, FERPLUS_INDEX_OF_EMOTION, FERPLUS_UNREADABLE
from core.errors import EnvironmentFault
from fer_model.checkpoints.card import ModelCard, read_card
from fer_model.checkpoints.checkpoint import load_checkpoint
from fer_model.checkpoints.graph_interface import INPUT_NAME, INPUTS, OUTPUTS
from fer_model.checkpoints.half_weights import store_at_half_precision
from fer_model.checkpoints.views import views_of
from fer_model.ensemble import ServableNetwork, mean_probs
from fer_model.network import INPUT_SIDE_PX, HeadLogits, pictures_to_tensor

#: The version of ONNX's operators: of 2022, so that older runtimes read the graph too.
OPSET: Final = 17


class ServedModel(nn.Module):
    """A network with all that its card says about reading it, from grey levels to calibrated probabilities."""

    def __init__(self, network: ServableNetwork, card: ModelCard) -> None:
        super().__init__()
        self.network = network
        self._card = card

    def forward(self, pictures: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor]:
        """(N, 48, 48) uint8 grey levels of crops -> the tensors of OUTPUTS, in their order."""
        views = views_of(pictures_to_tensor(pictures), num_views=self._card.views)
        logits: list[HeadLogits] = [self.network(view) for view in views]
        answers = mean_probs([view.ferplus / self._card.ferplus_temperature for view in logits])  # (N, 10)
        fer2013 = mean_probs([view.fer2013 / self._card.fer2013_temperature for view in logits])  # (N, 7)
        seven = answers[:, list(FERPLUS_INDEX_OF_EMOTION)]  # (N, 7), contempt folded away
        emotions = seven / seven.sum(dim=1, keepdim=True)
        unreadable = answers[:, list(FERPLUS_UNREADABLE)].sum(dim=1)
        abstained = seven.amax(dim=1) < self._card.abstain_below
        return emotions, unreadable, abstained, answers, fer2013


def export_onnx(card_path: Path, folder: Path) -> Path:
    """Write a checkpoint as one ONNX file, NAME.onnx, that says in its metadata what it is; return its path."""
    onnx = _import_onnx()
    network, card = load_checkpoint(card_path)
    graph_path = folder / f"{card.name}.onnx"
    model = onnx.load_model_from_string(_trace(ServedModel(network, card).eval()))
    store_at_half_precision(model)
    model.producer_name, model.producer_version = "moodline", ""
    model.doc_string = NOTICE
    onnx.helper.set_model_props(model, describe(card))
    for value in (*model.graph.input, *model.graph.output):
        value.doc_string = (INPUTS | OUTPUTS)[value.name]
    onnx.checker.check_model(model, full_check=True)
    _write(graph_path, model.SerializeToString(deterministic=True))
    return graph_path


def add_graph(card_path: Path) -> ModelCard:
    """Write a checkpoint's graph beside it, and its SHA-256 into the card: the graph is what a CPU serves from then."""
    graph = export_onnx(card_path, card_path.parent).read_bytes()
    card = dataclasses.replace(read_card(card_path), graph_sha256=hashlib.sha256(graph).hexdigest())
    _write(card_path, card.to_json().encode())
    return card


def export_safetensors(card_path: Path, folder: Path) -> tuple[Path, Path]:
    """Copy a checkpoint's weights and card, once both are found whole; return the two paths."""
    _, card = load_checkpoint(card_path)
    weights_path = folder / f"{card.name}.safetensors"
    copied_card_path = folder / f"{card.name}.json"
    _write(weights_path, card_path.with_suffix(".safetensors").read_bytes())
    _write(copied_card_path, card_path.read_bytes())
    return weights_path, copied_card_path


def describe(card: ModelCard) -> dict[str, str]:
    """Say what a graph is, as ONNX's metadata wants it: text by name; lists as JSON."""
    return {
        "model_version": card.version,
        "sha256": card.sha256,
        "crop_rule": card.crop_rule,
        "emotions": json.dumps(EMOTIONS),
        "ferplus_columns": json.dumps(FERPLUS_COLUMNS),
        "abstain_below": str(card.abstain_below),
        "views": str(card.views),
        "notice": NOTICE,
    }


def _trace(model: ServedModel) -> bytes:
    """Turn a model into an ONNX graph for any number of pictures.

    By torch's older exporter, because the newer one needs two packages more (onnxscript, onnx-ir). From torch 2.11 to
    2.15 it makes the same bytes, and warns that it will go; then `dynamo=True` and onnxscript take its place.
    """
    example = torch.zeros(2, INPUT_SIDE_PX, INPUT_SIDE_PX, dtype=torch.uint8)
    with TemporaryDirectory() as folder, warnings.catch_warnings():
        path = Path(folder) / "graph.onnx"
        warnings.simplefilter("ignore", DeprecationWarning)
        # the check of the pictures' shape leaves no trace: the graph's own input has that shape
        warnings.filterwarnings("ignore", message="Converting a tensor to a Python boolean")
        torch.onnx.export(
            model,
            (example,),
            path,
            dynamo=False,
            opset_version=OPSET,
            input_names=[INPUT_NAME],
            output_names=list(OUTPUTS),
            # the weights as they are: folded into each other, they would no longer fit half precision
            training=torch.onnx.TrainingMode.PRESERVE,
            do_constant_folding=False,
            dynamic_axes={name: {0: "N"} for name in (INPUT_NAME, *OUTPUTS)},
        )
        return path.read_bytes()


def _import_onnx() -> ModuleType:
    try:
        import onnx
    except ImportError as error:
        raise EnvironmentFault("the package onnx is not installed; run `make setup` or `pip install onnx`") from error
    return onnx


def _write(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError as error:
        raise EnvironmentFault(f"{path}: cannot be written ({error.strerror})") from error
