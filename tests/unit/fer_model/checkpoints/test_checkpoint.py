import dataclasses
import json

import pytest
import torch

from core.errors import EnvironmentFault, InputError
from fer_model.checkpoints.card import find_card, read_card
from fer_model.checkpoints.checkpoint import load_checkpoint, save_checkpoint
from fer_model.network import EmotionNetwork, NetworkShape
from tests.factories import make_card


@pytest.fixture
def saved(tmp_path):
    torch.manual_seed(0)
    fields = dataclasses.asdict(make_card())
    del fields["sha256"]
    network = EmotionNetwork(NetworkShape(widths=(4, 8), depths=(1, 1))).eval()
    return network, save_checkpoint(network, fields, tmp_path), tmp_path / "tiny.json"


def test_a_checkpoint_loads_as_it_was_saved_to_half_precision(saved):
    network, card, path = saved
    loaded, loaded_card = load_checkpoint(path)
    picture = 255 * torch.rand(2, 1, 48, 48)
    assert torch.allclose(network(picture).ferplus, loaded(picture).ferplus, atol=0.01)
    assert loaded_card == card


def test_altered_weights_are_refused(saved):
    weights = saved[2].with_suffix(".safetensors")
    content = bytearray(weights.read_bytes())
    content[-1] ^= 1
    weights.write_bytes(content)
    with pytest.raises(EnvironmentFault, match="SHA-256"):
        load_checkpoint(saved[2])


def test_missing_weights_are_named(saved):
    saved[2].with_suffix(".safetensors").unlink()
    with pytest.raises(EnvironmentFault, match=r"tiny\.safetensors: cannot be read"):
        load_checkpoint(saved[2])


def test_a_checkpoint_for_another_crop_rule_is_refused(saved):
    path = saved[2]
    path.write_text(json.dumps(json.loads(path.read_text()) | {"crop_rule": "40 px margin"}))
    with pytest.raises(EnvironmentFault, match="40 px margin"):
        load_checkpoint(path)


def test_a_file_that_is_no_card_is_refused(tmp_path):
    (tmp_path / "x.json").write_text("[]")
    with pytest.raises(EnvironmentFault, match="not a readable model card"):
        read_card(tmp_path / "x.json")


def test_an_unknown_model_is_told_what_there_is():
    with pytest.raises(InputError, match=r"'huge'; choose one of .*small"):
        find_card("huge")


def test_the_shipped_model_is_small_and_whole():
    path = find_card("small")
    _, card = load_checkpoint(path)
    assert path.with_suffix(".safetensors").stat().st_size <= 2_000_000
    assert card.version.startswith("small-")
