"""Non-maximum suppression against a slow reference that compares boxes one by one."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fer_model.cascade import suppression
from fer_model.cascade.suppression import FloatArray, IndexArray, suppress_by_smaller, suppress_by_union


def make_boxes(num_boxes: int, *, seed: int = 0, num_groups: int = 1) -> tuple[FloatArray, FloatArray, IndexArray]:
    """Whole-pixel boxes close to each other, with scores of few values so that ties are many."""
    random = np.random.default_rng(seed)
    start = random.integers(0, 40, (num_boxes, 2))
    boxes = np.concatenate([start, start + random.integers(1, 40, (num_boxes, 2))], axis=1).astype(np.float32)
    scores = (random.integers(0, 6, num_boxes) / 6).astype(np.float32)
    return boxes, scores, random.integers(0, num_groups, num_boxes)


def share_of_union(a: FloatArray, b: FloatArray) -> float:
    width, height = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
    shared = float(max(0, width) * max(0, height))
    return shared / (float((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1])) - shared)


def share_of_smaller(a: FloatArray, b: FloatArray) -> float:
    width, height = min(a[2], b[2]) - max(a[0], b[0]) + 1, min(a[3], b[3]) - max(a[1], b[1]) + 1
    areas = [(box[2] - box[0] + 1) * (box[3] - box[1] + 1) for box in (a, b)]
    return float(max(0, width) * max(0, height)) / float(min(areas))


def kept_by_hand(
    boxes: FloatArray, scores: FloatArray, group: IndexArray, threshold: float, share: Callable[..., float]
) -> list[int]:
    kept: list[int] = []
    for k in sorted(range(len(boxes)), key=lambda k: (group[k], -scores[k], k)):
        if all(group[k] != group[j] or share(boxes[j], boxes[k]) <= threshold + 1e-7 for j in kept):
            kept.append(k)
    return kept


@settings(max_examples=60, deadline=None, derandomize=True)
@given(seed=st.integers(0, 10**6), num_boxes=st.integers(0, 40), threshold=st.sampled_from([0.3, 0.5, 0.7]))
def test_suppression_keeps_what_the_slow_reference_keeps(seed: int, num_boxes: int, threshold: float) -> None:
    made = make_boxes(num_boxes, seed=seed, num_groups=3)
    assert suppress_by_union(*made, threshold).tolist() == kept_by_hand(*made, threshold, share_of_union)
    assert suppress_by_smaller(*made, threshold).tolist() == kept_by_hand(*made, threshold, share_of_smaller)


@pytest.mark.parametrize("block_length", [1, 7, 64])
def test_blocks_change_nothing(monkeypatch: pytest.MonkeyPatch, block_length: int) -> None:
    made = make_boxes(300, seed=5)
    whole = suppress_by_union(*made, 0.6)
    monkeypatch.setattr(suppression, "BLOCK_LENGTH", block_length)
    assert suppress_by_union(*made, 0.6).tolist() == whole.tolist()


def test_equal_boxes_of_different_groups_are_all_kept() -> None:
    boxes = np.tile(np.array([[3, 4, 30, 40]], dtype=np.float32), (3, 1))
    scores = np.array([0.7, 0.9, 0.8], dtype=np.float32)
    assert suppress_by_union(boxes, scores, np.array([2, 0, 1]), 0.5).tolist() == [1, 2, 0]


def test_of_equal_scores_the_first_is_kept() -> None:
    boxes = np.tile(np.array([[3, 4, 30, 40]], dtype=np.float32), (20, 1))
    scores = np.full(20, 0.8, dtype=np.float32)
    group = np.zeros(20, dtype=np.int64)
    assert suppress_by_union(boxes, scores, group, 0.5).tolist() == [0]
    assert suppress_by_smaller(boxes, scores, group, 0.5).tolist() == [0]


def test_a_box_within_a_box_goes_by_its_smaller_share_only() -> None:
    boxes = np.array([[0, 0, 100, 100], [40, 40, 60, 60]], dtype=np.float32)
    scores = np.array([0.9, 0.8], dtype=np.float32)
    group = np.zeros(2, dtype=np.int64)
    assert suppress_by_union(boxes, scores, group, 0.7).tolist() == [0, 1]
    assert suppress_by_smaller(boxes, scores, group, 0.7).tolist() == [0]


def test_boxes_without_area_are_kept_without_a_warning() -> None:
    boxes = np.full((2, 4), 5, dtype=np.float32)
    assert suppress_by_union(boxes, np.ones(2, dtype=np.float32), np.zeros(2, dtype=np.int64), 0.5).tolist() == [0, 1]


def test_nothing_leaves_nothing() -> None:
    boxes, scores, group = make_boxes(0)
    assert suppress_by_union(boxes, scores, group, 0.5).shape == (0,)
