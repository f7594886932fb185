"""The fast detector finds what the exact one finds, in one order, with fewer searches; films are made of portraits."""

from collections.abc import Iterator

import cv2
import numpy as np
import pytest
import skimage.data
import torch

from core.frames import Face, Frame, RgbImage
from fer_model.cascade.cascade import Cascade
from fer_model.cascade.cascade_networks import CascadeNetworks
from fer_model.cascade.graph_cascade import load_networks
from fer_model.detection.exact import ExactDetector
from fer_model.detection.following import FollowingDetector

WIDTH, HEIGHT = 480, 300


@pytest.fixture(scope="module")
def networks() -> CascadeNetworks:
    torch.set_num_threads(1)
    return load_networks()


class CountingCascade(Cascade):
    """Counts the pictures that are searched as a whole."""

    num_searched = 0

    def sight(self, images):
        self.num_searched += len(images)
        return super().sight(images)


@pytest.fixture
def cascade(networks: CascadeNetworks) -> CountingCascade:
    return CountingCascade(networks, min_face_px=40)


def empty_room() -> RgbImage:
    return cv2.resize(skimage.data.coffee(), (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA)


def portrait(side: int = 240) -> RgbImage:
    return cv2.resize(skimage.data.astronaut()[:300, 60:360], (side, side), interpolation=cv2.INTER_AREA)


def frame_of(index: int, *people: tuple[int, int], room: RgbImage | None = None, fps: float = 25.0) -> Frame:
    """A room with people, each a portrait of (left edge, side) px standing on the floor."""
    image = (empty_room() if room is None else room).copy()
    for left, side in people:
        image[HEIGHT - side :, left : left + side] = portrait(side)
    return Frame(frame_index=index, pts_us=round(index * 1e6 / fps), image=image)


def found(detector, frames) -> list[tuple[Face, ...]]:
    return [searched.faces for group in detector.search(iter(frames)) for searched in group]


def overlap(a: Face, b: Face) -> float:
    width = min(a.box[2], b.box[2]) - max(a.box[0], b.box[0])
    height = min(a.box[3], b.box[3]) - max(a.box[1], b.box[1])
    shared = max(0.0, width) * max(0.0, height)
    areas = sum((face.box[2] - face.box[0]) * (face.box[3] - face.box[1]) for face in (a, b))
    return shared / (areas - shared)


def assert_same(mine: tuple[Face, ...], theirs: tuple[Face, ...]) -> None:
    """Batches differ, so the last digits may."""
    assert len(mine) == len(theirs)
    for a, b in zip(mine, theirs, strict=True):
        assert a.box == pytest.approx(b.box, abs=1e-2)
        assert a.score == pytest.approx(b.score, abs=1e-5)


@pytest.fixture
def walk() -> list[Frame]:
    """Somebody walks through the room for a second."""
    return [frame_of(i, (2 * i, 240)) for i in range(26)]


def test_a_moving_face_is_found_in_every_frame_where_the_exact_detector_finds_it(cascade, networks, walk):
    exact = found(ExactDetector(cascade), walk)
    cascade.num_searched = 0
    fast = found(FollowingDetector(cascade, networks), walk)
    assert [len(faces) for faces in fast] == [len(faces) for faces in exact] == [1] * 26
    assert np.mean([overlap(a[0], b[0]) for a, b in zip(fast, exact, strict=True)]) > 0.93
    assert cascade.num_searched == 3  # the first, the one after 0.8 s, the last


def test_key_frames_are_the_exact_detectors(cascade, networks, walk):
    exact, fast = found(ExactDetector(cascade), walk), found(FollowingDetector(cascade, networks), walk)
    for key in (0, 20, 25):
        assert_same(fast[key], exact[key])


def test_somebody_who_appears_between_key_frames_is_found_from_the_first_frame_on(cascade, networks):
    frames = [frame_of(i, *([(100, 200)] if i >= 4 else [])) for i in range(11)]
    assert [len(faces) for faces in found(FollowingDetector(cascade, networks), frames)] == [0] * 4 + [1] * 7


def test_somebody_who_leaves_between_key_frames_is_not_made_up_after(cascade, networks):
    frames = [frame_of(i, *([(100, 200)] if i < 7 else [])) for i in range(11)]
    assert [len(faces) for faces in found(FollowingDetector(cascade, networks), frames)] == [1] * 7 + [0] * 4


def test_a_face_hidden_for_a_moment_is_lost_for_that_moment_only(cascade, networks):
    frames = [frame_of(i, *([] if i in (4, 5) else [(100, 200)])) for i in range(11)]
    assert [len(faces) for faces in found(FollowingDetector(cascade, networks), frames)] == [1] * 4 + [0] * 2 + [1] * 5


def test_nobody_is_carried_across_a_cut(cascade, networks):
    other_room = 255 - empty_room()
    frames = [frame_of(i, (100, 200)) for i in range(5)]
    frames += [frame_of(i, room=other_room) for i in range(5, 12)]
    assert [len(faces) for faces in found(FollowingDetector(cascade, networks), frames)] == [1] * 5 + [0] * 7


def test_two_people_are_followed_at_once_and_the_largest_comes_first(cascade, networks):
    frames = [frame_of(i, (5 * i, 140), (480 - 200, 200)) for i in range(11)]
    for faces in found(FollowingDetector(cascade, networks), frames):
        assert len(faces) == 2
        assert faces[0].height_px > faces[1].height_px


def test_an_undecodable_frame_has_no_face_and_its_neighbours_have_theirs(cascade, networks):
    frames = [frame_of(i, (100, 200)) for i in range(8)]
    frames[3] = Frame(frame_index=3, pts_us=frames[3].pts_us, image=None)
    assert [len(faces) for faces in found(FollowingDetector(cascade, networks), frames)] == [1] * 3 + [0] + [1] * 4


def test_a_face_half_out_of_the_frame_is_followed_too(cascade, networks):
    def walking_out() -> Iterator[Frame]:
        for i in range(11):
            whole = frame_of(i, (100, 240))
            yield Frame(frame_index=i, pts_us=whole.pts_us, image=np.ascontiguousarray(whole.image[:, 100 + 6 * i :]))

    exact, fast = (found(d, walking_out()) for d in (ExactDetector(cascade), FollowingDetector(cascade, networks)))
    assert [len(faces) for faces in fast] == [len(faces) for faces in exact]


def test_frames_a_second_apart_are_all_searched(cascade, networks):
    frames = [frame_of(i, (100, 200), fps=1) for i in range(4)]
    exact, fast = found(ExactDetector(cascade), frames), found(FollowingDetector(cascade, networks), frames)
    for mine, theirs in zip(fast, exact, strict=True):
        assert_same(mine, theirs)


def test_the_same_frames_give_the_same_faces_again(cascade, networks, walk):
    detector = FollowingDetector(cascade, networks)
    assert found(detector, walk) == found(detector, walk)


def test_no_frames_have_no_faces(cascade, networks):
    assert found(FollowingDetector(cascade, networks), []) == []
