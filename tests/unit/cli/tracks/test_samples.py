"""A contact sheet shows faces from all of a track's time, and knows which faces of their frames to hide."""

from cli.tracks.samples import choose_samples
from core.tracks.state import Part, PersonTrack
from db.tracks.spans import PlacedFace

ANNA = PersonTrack(number=0, parts=(Part(track=0, first_us=0, last_us=9_900_000, is_whole=True),), subject_key="a")
OTHER = PersonTrack(number=1, parts=(Part(track=1, first_us=5_000_000, last_us=9_900_000, is_whole=True),))


def faces() -> list[PlacedFace]:
    """Ten seconds of one face; a second from the middle on."""
    return [
        PlacedFace(
            frame_index=index,
            face_index=track,
            pts_us=index * 100_000,
            track=track,
            box=(track * 100.0, 0.0, track * 100.0 + 50, 60.0),
            score=0.99,
        )
        for index in range(100)
        for track in ((0, 1) if index >= 50 else (0,))
    ]


def choose(*shown: int, num_each: int = 5, hides_nobody: bool = False):
    return choose_samples(
        faces(),
        {0: ANNA, 1: OTHER},
        shown=shown,
        num_each=num_each,
        is_hidden=lambda person: not hides_nobody and (person is None or person.subject_key is None),
    )


def test_samples_are_spread_over_a_tracks_time():
    assert [round(sample.face.pts_us / 1e6) for sample in choose(0)] == [1, 3, 5, 7, 9]
    assert [sample.track for sample in choose(0, 1)] == [0] * 5 + [1] * 5


def test_a_track_is_shown_with_no_more_faces_than_it_has():
    assert len(choose(1, num_each=80)) == 50


def test_who_must_not_be_seen_is_hidden_in_others_pictures_too():
    early, late = choose(0, num_each=2)
    assert (early.hidden, late.hidden) == ((), ((100.0, 0.0, 150.0, 60.0),))
    assert all(sample.face.box in sample.hidden for sample in choose(1))
    assert not any(sample.hidden for sample in choose(0, 1, hides_nobody=True))
