"""Checkpoints: weights as safetensors (half precision) beside a JSON card, checked by SHA-256 when loaded."""

import dataclasses
import hashlib
from pathlib import Path
from typing import Any

from safetensors.torch import load, save

from core.errors import EnvironmentFault
from fer_model.checkpoints.card import ModelCard, read_card
from fer_model.checkpoints.checked_files import read_checked, refuse_other_crops
from fer_model.ensemble import ServableNetwork, build_servable
from fer_model.network import NetworkShape


def save_checkpoint(network: ServableNetwork, card_fields: dict[str, Any], folder: Path) -> ModelCard:
    """Write NAME.safetensors and NAME.json into a folder; return the card with the weights' SHA-256 in it."""
    tensors = {
        name: (value.half() if value.is_floating_point() else value).contiguous()
        for name, value in network.state_dict().items()
    }
    content = save(tensors)
    card = ModelCard(sha256=hashlib.sha256(content).hexdigest(), **card_fields)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{card.name}.safetensors").write_bytes(content)
    (folder / f"{card.name}.json").write_text(card.to_json(), encoding="utf-8")
    return card


def load_checkpoint(card_path: Path) -> tuple[ServableNetwork, ModelCard]:
    """Load a network, or an ensemble of some, in evaluation mode, single precision, with its card.

    Raises EnvironmentFault where the weights are missing, are not the ones that the card names, or were made for
    another crop rule than this code's.
    """
    card = read_card(card_path)
    weights_path = card_path.with_suffix(".safetensors")
    content = read_checked(weights_path, card.sha256)
    refuse_other_crops(card, card_path)
    network = build_servable(shape_from_card(card), num_members=card.network.get("num_members", 1))
    try:
        network.load_state_dict({name: value.float() for name, value in load(content).items()}, strict=True)
    except RuntimeError as error:
        raise EnvironmentFault(f"{weights_path}: does not fit the network that its card describes") from error
    return network.eval().requires_grad_(False), card


def shape_from_card(card: ModelCard) -> NetworkShape:
    """Rebuild the network's shape from the card's JSON lists."""
    known = {field.name for field in dataclasses.fields(NetworkShape)}
    fields = {name: value for name, value in card.network.items() if name in known}
    return NetworkShape(**fields | {"widths": tuple(fields["widths"]), "depths": tuple(fields["depths"])})
