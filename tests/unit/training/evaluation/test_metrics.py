import numpy as np
import pytest

from training.evaluation.metrics import measure_labels, risk_by_coverage

NAMES = ("a", "b", "c")
SEED = 4


@pytest.fixture
def draw():
    """500 answers of three classes, right more often than not."""
    rng = np.random.default_rng(SEED)
    labels = rng.integers(0, 3, 500)
    logits = rng.normal(size=(500, 3))
    logits[np.arange(500), labels] += 1.5
    probs = np.exp(logits)
    return probs / probs.sum(axis=1, keepdims=True), labels


def test_figures_are_what_a_plain_loop_finds(draw):
    probs, labels = draw
    figures = measure_labels(probs, labels, NAMES)
    rows = list(zip(probs.tolist(), labels.tolist(), strict=True))
    right = [max(range(3), key=p.__getitem__) == y for p, y in rows]
    assert figures.accuracy.value == pytest.approx(sum(right) / 500)
    assert figures.nll == pytest.approx(sum(-np.log(p[y]) for p, y in rows) / 500)
    assert figures.brier == pytest.approx(sum((p[k] - (y == k)) ** 2 for p, y in rows for k in range(3)) / 500)
    assert figures.ece == pytest.approx(_plain_ece([max(p) for p, _ in rows], right))
    each = [_plain_ece([p[k] for p, _ in rows], [y == k for _, y in rows]) for k in range(3)]
    assert figures.classwise_ece == pytest.approx(sum(each) / 3)


def _plain_ece(confidences, right):
    """15 bins of equal mass, the first ones a row larger where 15 does not divide the number."""
    pairs = sorted(zip(confidences, right, strict=True), key=lambda pair: pair[0])
    size, larger = divmod(len(pairs), 15)
    gaps, start = [], 0
    for index in range(15):
        part = pairs[start : start + size + (index < larger)]
        start += len(part)
        gaps.append(abs(sum(c for c, _ in part) - sum(r for _, r in part)))
    return sum(gaps) / len(pairs)


def test_recall_precision_and_f1_are_counted_class_by_class():
    labels = np.array([0, 0, 0, 1, 1])
    answered = np.eye(3)[[0, 0, 1, 1, 1]] * 0.8 + 0.2 / 3
    figures = measure_labels(answered, labels, NAMES)
    a, b, c = figures.classes
    assert (a.recall.value, a.recall.n, a.precision.value, a.precision.n) == (pytest.approx(2 / 3), 3, 1, 2)
    assert (b.recall.value, b.recall.n, b.precision.value, b.precision.n) == (1, 2, pytest.approx(2 / 3), 3)
    assert a.f1 == b.f1 == pytest.approx(0.8)
    assert (c.recall.n, c.precision.n, c.f1) == (0, 0, 0)
    assert figures.macro_recall == pytest.approx((2 / 3 + 1) / 2)  # "c" does not occur
    assert figures.confusion.tolist() == [[2, 1, 0], [0, 2, 0], [0, 0, 0]]


def test_risk_rises_where_unsure_answers_are_wrong():
    risk = risk_by_coverage(np.array([0.5, 0.9, 0.7, 0.8]), np.array([False, True, False, True]))
    assert risk.tolist() == pytest.approx([0, 0, 1 / 3, 1 / 2])


def test_a_right_class_of_no_probability_is_bad_but_not_infinitely():
    assert 20 < measure_labels(np.eye(3)[[0]], np.array([1]), NAMES).nll < 40


def test_probabilities_of_other_classes_are_refused():
    with pytest.raises(ValueError, match=r"\(2, 3\)"):
        measure_labels(np.ones((2, 3)) / 3, np.array([0, 1]), ("a", "b"))
    with pytest.raises(ValueError, match=r"\(0, 3\)"):
        measure_labels(np.ones((0, 3)), np.zeros(0, np.int64), NAMES)
