"""The identity network takes the weights that a user brings, as safetensors or tensors only, and nothing else."""

from pathlib import Path

import numpy as np
import pytest
import safetensors.torch
import torch

from core.errors import InputError
from fer_model.identity import load_embedder
from tests.conftest import portrait


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Weights by chance, in both forms, as they are published: with a last layer that is not used."""
    from facenet_pytorch.models.inception_resnet_v1 import InceptionResnetV1

    torch.manual_seed(1)
    state = InceptionResnetV1(pretrained=None).state_dict()
    state["logits.weight"], state["logits.bias"] = torch.zeros(10, 512), torch.zeros(10)
    folder = tmp_path_factory.mktemp("weights")
    safetensors.torch.save_file(state, folder / "some.safetensors")
    torch.save(state, folder / "some.pt")
    return {"safetensors": folder / "some.safetensors", "pt": folder / "some.pt"}


def test_both_forms_give_the_same_embeddings_of_length_one(weights: dict[str, Path]):
    faces = [portrait(width_px=200), portrait(width_px=200)[::-1].copy(), portrait(width_px=320)]
    one, other = (load_embedder(path) for path in weights.values())
    assert one.weights_sha256 != other.weights_sha256
    found = one.embed(faces)
    assert [each.shape for each in found] == [(512,)] * 3
    assert np.linalg.norm(found, axis=1) == pytest.approx(1, abs=1e-4)
    assert np.array_equal(found, other.embed(faces))
    assert found[0] @ found[2] > found[0] @ found[1]  # the same face at another size, and upside down
    assert one.embed([]) == []


def test_what_is_no_such_network_is_refused_in_a_line(tmp_path: Path):
    safetensors.torch.save_file({"a": torch.zeros(3)}, tmp_path / "other.safetensors")
    (tmp_path / "text.safetensors").write_text("no weights")
    (tmp_path / "text.pt").write_text("no weights")
    torch.save(torch.nn.Linear(2, 2), tmp_path / "module.pt")
    torch.save([torch.zeros(2)], tmp_path / "list.pt")
    for name, said in (
        ("other.safetensors", "not the weights of an InceptionResnetV1"),
        ("text.safetensors", "read safely"),
        ("text.pt", "read safely"),
        ("module.pt", "read safely"),  # it would run code
        ("list.pt", "no table of weights"),
        ("none.pt", "cannot be read"),
    ):
        with pytest.raises(InputError, match=said):
            load_embedder(tmp_path / name)
