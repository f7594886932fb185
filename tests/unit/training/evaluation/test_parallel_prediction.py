import numpy as np
import pytest
import torch
from torch import nn

from fer_model.network import NetworkShape
from training.evaluation.parallel_prediction import predict_on_all_cores
from training.learning.prediction import predict


@pytest.fixture(scope="module")
def pictures():
    return np.random.default_rng(0).integers(0, 256, (70, 48, 48), dtype=np.uint8)


def test_batches_of_all_cores_come_back_in_order(pictures):
    torch.manual_seed(0)
    network = NetworkShape(widths=(4,), depths=(1,)).build()
    parallel, plain = predict_on_all_cores(network, pictures), predict(network, torch.from_numpy(pictures))
    assert torch.allclose(parallel.fer2013, plain.fer2013, atol=1e-5)
    assert torch.allclose(parallel.ferplus, plain.ferplus, atol=1e-5)


def test_a_network_of_one_head_answers_with_its_logits(pictures):
    network = nn.Sequential(nn.Flatten(), nn.Linear(48 * 48, 4))
    parallel, plain = predict_on_all_cores(network, pictures), predict(network, torch.from_numpy(pictures))
    assert torch.allclose(parallel, plain, atol=1e-3)
