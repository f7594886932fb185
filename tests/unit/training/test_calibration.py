import numpy as np
import pytest
import torch
from torch.nn import functional as F

from training.calibration import expected_calibration_error, fit_temperature


@pytest.mark.parametrize("temperature", [0.5, 1.0, 3.0])
def test_the_temperature_that_made_the_labels_is_found(temperature):
    generator = torch.Generator().manual_seed(0)
    logits = 3 * torch.randn(20_000, 7, generator=generator)
    labels = torch.multinomial(torch.softmax(logits / temperature, 1), 1, generator=generator).squeeze(1)
    assert fit_temperature(logits, F.one_hot(labels, 7).float()) == pytest.approx(temperature, rel=0.05)


def test_logits_made_in_inference_mode_can_be_fitted():
    with torch.inference_mode():
        logits = torch.tensor([[2.0, 0.0], [0.0, 2.0], [2.0, 0.0]])
    assert fit_temperature(logits, torch.tensor([[1.0, 0.0], [0.0, 1.0], [0.0, 1.0]])) > 0


def test_a_model_that_is_as_right_as_it_is_sure_has_no_error():
    confidence = np.repeat([0.25, 0.75], 400)
    right = np.tile([True, False, False, False], 100).tolist() + np.tile([True, True, True, False], 100).tolist()
    assert expected_calibration_error(confidence, np.array(right), num_bins=2) == pytest.approx(0)


def test_an_overconfident_model_is_caught():
    assert expected_calibration_error(np.full(100, 0.9), np.arange(100) % 2 == 0, num_bins=10) == pytest.approx(0.4)
