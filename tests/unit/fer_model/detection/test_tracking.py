"""A face keeps the number of its track until a cut, a second without it, or a face that it could be as well."""

from core.observations import track_number
from fer_model.detection.detector import SearchedFrame
from fer_model.detection.tracking import Tracks
from tests.factories import make_face, make_frame


def face_at(left: float):
    return make_face(box=(left, 0.0, left + 60, 70.0))


class Film:
    """Shows frames at 10 Hz to a fresh set of tracks."""

    def __init__(self) -> None:
        self._tracks, self._next_index = Tracks(), 0

    def show(self, *lefts: float, cut: bool = False, after: int = 1) -> tuple[int, ...]:
        self._next_index += after
        frame = make_frame(self._next_index / 10, frame_index=self._next_index)
        faces = tuple(face_at(left) for left in lefts)
        return self._tracks.numbers(SearchedFrame(frame=frame, faces=faces, begins_shot=cut), faces)


def test_faces_keep_their_numbers_when_their_order_changes():
    film = Film()
    first, second = film.show(0, 200)
    assert film.show(190, 10) == (second, first)


def test_a_track_is_named_by_where_it_begins():
    film = Film()
    film.show(0)
    assert film.show(0, 300)[1] == track_number(frame_index=2, face_index=1)


def test_a_face_that_was_away_for_less_than_a_second_is_the_same():
    film = Film()
    (number,) = film.show(100)
    assert film.show() == ()
    assert film.show(105, after=8) == (number,)


def test_a_face_that_was_away_for_longer_is_another():
    film = Film()
    (number,) = film.show(100)
    assert film.show(100, after=11) != (number,)


def test_a_cut_ends_every_track():
    film = Film()
    (number,) = film.show(100)
    assert film.show(100, cut=True) != (number,)


def test_an_unseen_track_does_not_take_a_seen_ones_place():
    film = Film()
    left, right = film.show(0, 45)
    film.show(45)
    assert film.show(0, 45) == (left, right)


class Crossing(Film):
    """Two faces on one line: what is followed at each step."""

    def people(self, steps: list[tuple[tuple[str, float], ...]]) -> dict[int, set[str]]:
        """Show faces by name and left edge; return who was in each track."""
        found: dict[int, set[str]] = {}
        for step in steps:
            for (name, _), number in zip(step, self.show(*(left for _, left in step)), strict=True):
                found.setdefault(number, set()).add(name)
        return found


def test_faces_that_meet_and_part_are_not_taken_for_each_other():
    for speed in (3, 7, 12, 18):
        away = list(range(100, 0, -speed))
        coming = [(("a", 300.0 - x), ("b", 300.0 + x)) for x in away]
        through, back = ([(("a", 300.0 + d * x), ("b", 300.0 - d * x)) for x in away[::-1]] for d in (1, -1))
        assert all(len(people) == 1 for people in Crossing().people([*coming, *through]).values())
        assert all(len(people) == 1 for people in Crossing().people([*coming, *back]).values())


def test_who_comes_out_from_behind_another_begins_a_track():
    coming = [(("a", 300.0 - x), ("b", 300.0 + x)) for x in range(100, 25, -8)]
    hidden = [(("a", 300.0 + x),) for x in range(-20, 25, 8)]
    parting = [(("a", 300.0 + x), ("b", 300.0 - x)) for x in range(28, 100, 8)]
    found = Crossing().people([*coming, *hidden, *parting])
    assert all(len(people) == 1 for people in found.values())


def test_a_face_that_jumps_begins_a_track():
    film = Film()
    film.show(100)
    (number,) = film.show(100)
    assert film.show(148) != (number,)  # three quarters of a face in a tenth of a second


def test_faces_side_by_side_keep_their_tracks():
    film = Film()
    first = film.show(0, 66)
    assert all(film.show(3.0 * (step % 2), 66 - 3.0 * (step % 2)) == first for step in range(30))
