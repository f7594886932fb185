"""A media may be cut at key frames, and inside groups of pictures that have no end."""

from video.probing.cutting import MAX_FRAMES_BETWEEN_CUTS, find_cut_points

TIMES_US = [40_000 * n for n in range(7000)]


def test_key_frames_are_cut_points_that_know_the_frame_before_them() -> None:
    cuts = find_cut_points(TIMES_US[:100], [TIMES_US[0], TIMES_US[50]])
    assert [(c.frame_index, c.pts_us, c.previous_pts_us) for c in cuts] == [(0, 0, None), (50, 2_000_000, 1_960_000)]


def test_the_first_frame_is_a_cut_point_even_where_it_is_no_key_frame() -> None:
    assert [c.frame_index for c in find_cut_points(TIMES_US[:100], [TIMES_US[20]])] == [0, 20]


def test_a_group_of_pictures_without_end_is_cut_inside() -> None:
    cuts = find_cut_points(TIMES_US, [TIMES_US[0], TIMES_US[3500]])
    assert [c.frame_index for c in cuts] == [0, 3000, 3500, 6500]


def test_a_group_of_exactly_the_longest_length_is_left_whole() -> None:
    assert len(find_cut_points(TIMES_US[:MAX_FRAMES_BETWEEN_CUTS], [0])) == 1


def test_a_file_of_key_frames_alone_does_not_have_a_cut_point_for_each() -> None:
    assert [c.frame_index for c in find_cut_points(TIMES_US[:35], TIMES_US[:35])] == [0, 10, 20, 30]
