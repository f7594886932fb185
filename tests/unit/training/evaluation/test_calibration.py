import numpy as np
import pytest
import torch
from torch.nn import functional as F

from fer_model.network import HeadLogits
from training.datasets.face_set import FaceSet
from training.datasets.label_sets import FOUR
from training.evaluation.calibration import (
    expected_calibration_error,
    fit_label_temperature,
    fit_temperature,
    fit_temperatures,
    reliability_bins,
)

pytestmark = pytest.mark.thorough


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


def make_faces(emotions, votes):
    num = len(emotions)
    return FaceSet(
        pictures=np.zeros((num, 48, 48), np.uint8),
        emotion_index=np.array(emotions),
        votes=np.array(votes, np.float32),
        split_index=np.ones(num, np.int64),
        row_index=np.arange(num),
    )


def test_ferplus_is_fitted_to_the_shares_of_the_taggers_and_only_where_they_voted():
    shares = [[0.7, 0.1, 0.1, 0.02, 0.02, 0.02, 0.01, 0.01, 0.01, 0.01], [0.01] * 9 + [0.91]]
    faces = make_faces([3, 4, 3], [np.array(shares[0]) * 10, np.array(shares[1]) * 10, [0] * 10])
    ferplus = torch.log(torch.tensor([*shares, [1.0] * 10])) * 2  # twice as loud as the people are
    found = fit_temperatures(HeadLogits(fer2013=torch.eye(7)[[3, 4, 0]] * 2, ferplus=ferplus), faces)
    assert found.ferplus == pytest.approx(2, rel=0.01)


def test_without_votes_ferplus_has_no_temperature():
    logits = HeadLogits(fer2013=torch.eye(7)[[3, 4, 3]], ferplus=torch.zeros(3, 10))
    assert fit_temperatures(logits, make_faces([3, 4, 4], [[0] * 10] * 3)).ferplus is None


def test_pictures_that_a_label_set_leaves_out_do_not_move_its_temperature():
    logits = torch.eye(4)[[0, 1, 1, 2]] * 3
    votes = [[0] * 10] * 4
    whole = fit_label_temperature(logits[:3], make_faces([3, 4, 3], votes[:3]), FOUR)
    assert fit_label_temperature(logits, make_faces([3, 4, 3, 0], votes), FOUR) == pytest.approx(whole)


def test_bins_hold_equally_many_and_none_is_empty():
    confidence = np.linspace(0, 1, 32)
    assert sorted(part.n for part in reliability_bins(confidence, confidence > 0.5)) == [2] * 13 + [3] * 2
    assert len(reliability_bins(confidence[:4], confidence[:4] > 0)) == 4
