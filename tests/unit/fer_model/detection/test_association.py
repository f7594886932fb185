"""Faces of two frames are paired by place and size, and not at all where they are too far apart."""

from fer_model.detection.association import MAX_DISTANCE, associate
from tests.factories import make_face


def face_at(left: float, *, top: float = 0.0, side: float = 50.0):
    return make_face(box=(left, top, left + side, top + side))


def test_each_face_is_paired_with_the_nearest_whatever_their_order():
    before = [face_at(0), face_at(100), face_at(200)]
    after = [face_at(205), face_at(3), face_at(98)]
    assert associate(before, after) == [(0, 1), (1, 2), (2, 0)]


def test_distances_are_least_in_all_where_two_want_the_same():
    # the first is nearer to 30 as well, but then the second would have nobody
    assert associate([face_at(20), face_at(60)], [face_at(30), face_at(10)]) == [(0, 1), (1, 0)]


def test_faces_too_far_apart_are_not_paired():
    near, far = 50 * MAX_DISTANCE - 1, 50 * MAX_DISTANCE + 1
    assert associate([face_at(0)], [face_at(near)]) == [(0, 0)]
    assert associate([face_at(0)], [face_at(far)]) == []


def test_a_face_of_another_size_at_the_same_place_is_another():
    assert associate([face_at(0, side=50)], [face_at(-75, top=-75, side=200)]) == []


def test_a_far_face_displaces_no_near_one():
    assert associate([face_at(0), face_at(1000)], [face_at(5)]) == [(0, 0)]


def test_nobody_is_paired_with_nobody():
    assert associate([], [face_at(0)]) == []
    assert associate([face_at(0)], []) == []


def test_one_face_among_many_is_the_nearest_on_either_side():
    many = [face_at(0), face_at(95), face_at(101), face_at(200)]
    assert associate([face_at(100)], many) == [(0, 2)]
    assert associate(many, [face_at(100)]) == [(2, 0)]
