"""The pyramid's levels and the strips that they are cut into."""

from hypothesis import given, settings
from hypothesis import strategies as st

from fer_model.cascade.pyramid import MAX_PNET_CALL_PX, PNET_WINDOW_PX, Level, cut_level, plan_levels


def test_first_level_shows_the_smallest_face_in_one_window() -> None:
    level = plan_levels((360, 640), 40)[0]
    assert level == Level(scale=0.3, height_px=109, width_px=193)


def test_levels_end_before_a_picture_is_smaller_than_a_window() -> None:
    levels = plan_levels((360, 640), 40)
    assert len(levels) == 7
    assert all(level.height_px >= PNET_WINDOW_PX for level in levels)


def test_picture_smaller_than_the_smallest_face_has_no_level() -> None:
    assert plan_levels((39, 640), 40) == []
    assert len(plan_levels((40, 640), 40)) == 1


@settings(max_examples=100, deadline=None, derandomize=True)
@given(height=st.integers(12, 1500), width=st.integers(12, 1500), num_images=st.integers(1, 20))
def test_parts_cover_every_window_of_every_image_once(height: int, width: int, num_images: int) -> None:
    level = Level(scale=0.3, height_px=height, width_px=width)
    window_rows: dict[int, list[int]] = {image_index: [] for image_index in range(num_images)}
    for part in cut_level(level, num_images):
        assert part.rows.start % 2 == 0
        assert len(part.images) == 1 or len(part.images) * len(part.rows) * width <= MAX_PNET_CALL_PX
        num_window_rows = -(-(len(part.rows) - 2) // 2) - 4  # what P-Net's layers leave of so many rows
        first = part.rows.start // 2
        for image_index in part.images:
            window_rows[image_index] += range(first, first + num_window_rows)
    expected = list(range(-(-(height - 2) // 2) - 4))
    assert all(rows == expected for rows in window_rows.values())
