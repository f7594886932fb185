"""Two real faces cross, found by the real detectors: tracks break, and no track ever holds two people."""

import pytest

from fer_model.cascade.cascade import Cascade
from fer_model.cascade.cascade_networks import CascadeNetworks
from fer_model.cascade.graph_cascade import load_networks
from fer_model.detection.detector import Detector
from fer_model.detection.exact import ExactDetector
from fer_model.detection.following import FollowingDetector
from fer_model.detection.tracking import Tracks
from tests.crossing_films import FPS, Crossing, Head, film, heads, swaps

MIN_SCORE = 0.8

#: Slow to fast, alike and unlike in size, past each other and through, turning back, resting, one standing.
CROSSINGS = [
    Crossing(front_px=80, back_px=80, sides_per_frame=0.07),
    Crossing(front_px=80, back_px=80, sides_per_frame=0.15, offset_sides=0.3),
    Crossing(front_px=80, back_px=80, sides_per_frame=0.3, turns_back=True),
    Crossing(front_px=80, back_px=80, sides_per_frame=0.15, num_rest_frames=30),
    Crossing(front_px=80, back_px=56, sides_per_frame=0.15),
    Crossing(front_px=80, back_px=56, sides_per_frame=0.3, back_stands=True),
    Crossing(front_px=60, back_px=90, sides_per_frame=0.3),
    Crossing(front_px=60, back_px=90, sides_per_frame=0.3, back_stands=True),
    Crossing(front_px=60, back_px=90, sides_per_frame=0.15, offset_sides=0.6, turns_back=True),
]


@pytest.fixture(scope="module")
def networks() -> CascadeNetworks:
    return load_networks()


@pytest.fixture(scope="module")
def cascade(networks: CascadeNetworks) -> Cascade:
    return Cascade(networks, min_face_px=40)


@pytest.fixture(scope="module")
def two(cascade: Cascade) -> tuple[Head, Head]:
    return heads(cascade)


def followed(detector: Detector, crossing: Crossing, front: Head, back: Head) -> list[tuple[int, int | None]]:
    """Every face of a film: its track, and who it is."""
    shown = list(film(front, back, crossing))
    tracks = Tracks()
    found = []
    searched = [each for group in detector.search(each.frame for each in shown) for each in group]
    for each, truth in zip(searched, shown, strict=True):
        faces = [face for face in each.faces if face.score >= MIN_SCORE]
        numbers = tracks.numbers(each, faces)
        found += [(number, truth.person(face)) for number, face in zip(numbers, faces, strict=True)]
    return found


@pytest.mark.parametrize("crossing", CROSSINGS, ids=str)
@pytest.mark.parametrize("is_fast", [True, False], ids=["fast", "exact"])
def test_no_track_holds_two_people(crossing, is_fast, cascade, networks, two):
    for front, back in (two, two[::-1]):
        detector = FollowingDetector(cascade, networks) if is_fast else ExactDetector(cascade)
        found = followed(detector, crossing, front, back)
        assert {person for _, person in found} >= {0, 1}
        assert swaps(found) == 0
        # while one is hidden, for a second at most, each frame is a track of its own
        assert len({number for number, _ in found}) <= FPS + 8


def test_faces_that_only_pass_at_a_distance_keep_their_tracks(cascade, networks, two):
    crossing = Crossing(front_px=60, back_px=60, sides_per_frame=0.15, offset_sides=1.4)
    found = followed(FollowingDetector(cascade, networks), crossing, *two)
    assert len({number for number, _ in found}) == 2
