"""Loading says what is missing on this machine; it is no fault of the media."""

import subprocess
import sys

import pytest
import torch

from core.errors import EnvironmentFault
from fer_model.checkpoints.card import find_card
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


def test_a_cpu_analyses_without_torch():
    code = (
        "import sys, numpy as np, worker.analysis.analysing\n"
        "from fer_model.checkpoints.card import find_card\n"
        "from fer_model.runtime import load_networks\n"
        "networks = load_networks(find_card('small'))\n"
        "networks.cascade_for(min_face_px=40).detect([np.zeros((90, 90, 3), np.uint8)])\n"
        "networks.classifier.classify(np.zeros((1, 48, 48), np.uint8))\n"
        "print('torch' in sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "False"
