"""MTCNN's arithmetic on boxes, by hand-made examples. Agreement with the original is tested in tests/integration."""

from dataclasses import replace

import numpy as np
import pytest

from fer_model.cascade.candidates import (
    Candidates,
    boxes_of_windows,
    candidates_within,
    joined,
    squared,
    windows_within,
)


def make_candidates(*boxes: tuple[float, float, float, float], image_index: int = 0) -> Candidates:
    return Candidates(
        image_index=np.full(len(boxes), image_index, dtype=np.int64),
        boxes=np.array(boxes, dtype=np.float32).reshape(-1, 4),
        scores=np.linspace(0.9, 0.6, len(boxes), dtype=np.float32),
        offsets=np.zeros((len(boxes), 4), dtype=np.float32),
    )


def test_joined_candidates_keep_their_order() -> None:
    both = joined([make_candidates((0, 0, 9, 9)), make_candidates((1, 1, 9, 9), (2, 2, 9, 9), image_index=3)])
    assert both.boxes[:, 0].tolist() == [0, 1, 2]
    assert both.image_index.tolist() == [0, 3, 3]


def test_offsets_move_a_box_by_shares_of_its_sides() -> None:
    candidates = make_candidates((10, 20, 29, 59))
    moved = replace(candidates, offsets=np.array([[0.1, 0.1, -0.1, 0.5]], dtype=np.float32)).moved(extra_px=1)
    assert moved == pytest.approx(np.array([[12, 24, 27, 79]]))  # sides count 20 and 40


def test_squared_box_keeps_its_centre() -> None:
    assert squared(np.array([[10, 20, 30, 60]], dtype=np.float32)).tolist() == [[0, 20, 40, 60]]


def test_windows_two_pixels_apart_are_scaled_to_the_source() -> None:
    boxes = boxes_of_windows(np.array([0, 3]), np.array([0, 1]), 0.5)
    assert boxes.tolist() == [[2, 2, 24, 24], [6, 14, 28, 36]]


def test_windows_are_clipped_to_the_picture_and_count_from_one() -> None:
    boxes = np.array([[-5.5, -0.5, 7.9, 8.2], [3.7, 4.1, 99, 99]], dtype=np.float32)
    assert windows_within(boxes, (30, 40)).tolist() == [[0, 0, 7, 8], [2, 3, 40, 30]]


def test_box_outside_the_picture_has_an_empty_window() -> None:
    x1, _, x2, _ = windows_within(np.array([[-40, 5, -10, 25]], dtype=np.float32), (30, 40))[0]
    assert x2 <= x1


def test_candidates_of_unequal_lengths_are_refused() -> None:
    with pytest.raises(ValueError, match=r"\(2, 4\)"):
        replace(make_candidates((0, 0, 1, 1)), boxes=np.zeros((2, 4), dtype=np.float32))


def test_candidates_wholly_outside_the_picture_are_dropped() -> None:
    left, windows = candidates_within(
        make_candidates((-80, 10, -20, 70), (10, 10, 70, 70), (10, 310, 70, 370)), (300, 300)
    )
    assert left.boxes.tolist() == [[10, 10, 70, 70]]
    assert windows.tolist() == [[9, 9, 70, 70]]
