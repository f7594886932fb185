import numpy as np
import pytest
import torch

from core.emotions import EMOTIONS, FERPLUS_COLUMNS
from fer_model.classification.classifier import read_answers
from fer_model.classification.network_classifier import NetworkClassifier
from fer_model.network import EmotionNetwork, NetworkShape
from tests.factories import make_card

SHAPE = NetworkShape(widths=(4, 8), depths=(1, 1))


def answers(**shares):
    """FER+ answers by name; what is not given is shared out evenly."""
    rest = (1 - sum(shares.values())) / (len(FERPLUS_COLUMNS) - len(shares))
    return np.array([shares.get(name, rest) for name in FERPLUS_COLUMNS])


@pytest.mark.parametrize(
    ("ferplus", "emotion"),
    [
        ("neutral", "neutral"),
        ("happiness", "happy"),
        ("surprise", "surprise"),
        ("sadness", "sad"),
        ("anger", "angry"),
        ("disgust", "disgust"),
        ("fear", "fear"),
    ],
)
def test_every_ferplus_column_speaks_under_its_own_name(ferplus, emotion):
    assert read_answers(answers(**{ferplus: 0.8}), abstain_below=0.3).top == emotion


def test_probabilities_are_in_fer2013s_order_and_sum_to_one():
    reading = read_answers(answers(happiness=0.6, contempt=0.2), abstain_below=0.3)
    assert len(reading.probs) == len(EMOTIONS)
    assert sum(reading.probs) == pytest.approx(1, abs=1e-5)
    assert reading.probs[3] == max(reading.probs)


def test_a_certain_answer_stays_certain_so_softmax_is_taken_once():
    assert read_answers(answers(happiness=0.999), abstain_below=0.3).probs[3] > 0.99


def test_what_people_could_not_read_is_not_counted_but_kept():
    reading = read_answers(answers(unknown=0.5, NF=0.3, sadness=0.1), abstain_below=0.3)
    assert reading.abstained
    assert reading.unreadable == pytest.approx(0.8)
    assert reading.top == "sad"


def test_an_even_split_is_not_counted():
    assert read_answers(answers(neutral=0.2, sadness=0.2, fear=0.2, anger=0.2), abstain_below=0.3).abstained


def test_batch_size_does_not_change_a_reading():
    torch.manual_seed(0)
    network, card = EmotionNetwork(SHAPE), make_card()
    crops = np.random.default_rng(0).integers(0, 256, (33, 48, 48), dtype=np.uint8)
    results = [NetworkClassifier(network, card, batch_size=size).classify(crops) for size in (1, 8, 32)]
    probs = [np.array([reading.probs for reading in readings]) for readings in results]
    assert np.abs(probs[0] - probs[1]).max() <= 1e-5
    assert np.abs(probs[0] - probs[2]).max() <= 1e-5


def test_a_higher_temperature_is_less_sure():
    torch.manual_seed(0)
    network = EmotionNetwork(SHAPE)
    crop = np.random.default_rng(0).integers(0, 256, (1, 48, 48), dtype=np.uint8)
    cool, warm = (
        max(NetworkClassifier(network, make_card(ferplus_temperature=t)).classify(crop)[0].probs) for t in (0.5, 5.0)
    )
    assert cool > warm


def test_two_views_average_the_probabilities_of_picture_and_mirror_image():
    torch.manual_seed(0)
    network = EmotionNetwork(SHAPE)
    crops = np.random.default_rng(0).integers(0, 256, (3, 48, 48), dtype=np.uint8)
    # so low a temperature makes probabilities far apart, so that a mean of logits would be another answer
    one, both = make_card(ferplus_temperature=0.002), make_card(ferplus_temperature=0.002, views=2)

    def unreadable(card, pictures):
        readings = NetworkClassifier(network, card).classify(np.ascontiguousarray(pictures))
        return np.array([reading.unreadable for reading in readings])

    plain, mirrored = unreadable(one, crops), unreadable(one, crops[:, :, ::-1])
    assert np.abs(plain - mirrored).max() > 0.01
    assert unreadable(both, crops) == pytest.approx((plain + mirrored) / 2, abs=2e-6)


def test_no_crops_make_no_readings():
    classifier = NetworkClassifier(EmotionNetwork(SHAPE), make_card())
    assert classifier.classify(np.empty((0, 48, 48), np.uint8)) == []
