import math

import numpy as np
import pytest

from training.evaluation.vote_metrics import kl_divergence, measure_votes


def make_votes(**counts):
    """One row of ten votes, by column."""
    columns = ("neutral", "happiness", "surprise", "sadness", "anger", "disgust", "fear", "contempt", "unknown", "NF")
    return np.array([[counts.get(column, 0) for column in columns]], np.float32)


def test_an_answer_that_is_the_taggers_shares_has_no_fault():
    votes = np.concatenate([make_votes(happiness=7, neutral=3), make_votes(fear=5, unknown=5)])
    figures = measure_votes(votes.astype(float) / 10, votes, abstain_below=0.4)
    assert (figures.kl, figures.js, figures.vote_ece, figures.unreadable_error) == pytest.approx((0, 0, 0, 0))
    assert figures.mean_confidence == figures.mean_share_named == pytest.approx(0.6)


def test_an_answer_surer_than_the_people_is_caught():
    certain = make_votes(happiness=1).astype(float)
    figures = measure_votes(certain, make_votes(happiness=5, neutral=5), abstain_below=0.4)
    assert figures.vote_ece == pytest.approx(0.5)
    # KL(.75, .25 from the middle), by hand
    assert figures.js == pytest.approx(
        (0.5 * math.log(0.5 / 0.75) + 0.5 * math.log(0.5 / 0.25) + math.log(1 / 0.75)) / 2
    )
    assert figures.kl > 10


def test_nobody_agreeing_at_all_is_the_largest_js():
    figures = measure_votes(make_votes(NF=1).astype(float), make_votes(happiness=10), abstain_below=0.4)
    assert figures.js == pytest.approx(math.log(2))
    assert figures.unreadable_error == pytest.approx(1)


def test_an_answer_too_unsure_to_count_abstains():
    votes = np.concatenate([make_votes(happiness=10)] * 2)
    answers = np.array([[0.05, 0.39, 0, 0, 0, 0, 0, 0.4, 0.16, 0], [0.5, 0.41, 0, 0, 0, 0, 0, 0, 0.09, 0]])
    figures = measure_votes(answers, votes, abstain_below=0.4)
    assert figures.abstention_rate == 0.5  # contempt is not among the seven
    assert figures.mean_share_named == 0.5  # the second says neutral


def test_divergence_is_the_sum_of_its_definition():
    p, q = np.array([[0.5, 0.5, 0.0]]), np.array([[0.25, 0.5, 0.25]])
    assert kl_divergence(p, q) == pytest.approx(0.5 * math.log(2))
