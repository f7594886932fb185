"""Loading says what is missing on this machine; it is no fault of the media."""

import pytest
import torch

from core.errors import EnvironmentFault
from fer_model.card import find_card
from fer_model.runtime import load_networks
from fer_model.torch_runtime import compute_alike_everywhere


def test_gpu_that_is_not_there_is_the_machines_fault(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.raises(EnvironmentFault, match="device cuda:0: torch sees no GPU here"):
        load_networks(find_card("small"), device="cuda:0")


def test_no_machine_rounds_more_than_another(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(torch.backends.cudnn, "allow_tf32", True)
    compute_alike_everywhere()
    assert not torch.backends.cudnn.allow_tf32
    assert not torch.backends.cuda.matmul.allow_tf32
    assert torch.get_num_threads() == 1
