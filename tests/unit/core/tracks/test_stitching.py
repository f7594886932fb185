"""Tracks of one chunk and the next are joined where faces go on in their place, and not where two could be either."""

import random

from core.tracks.stitching import TrackSpan, stitched

FRAME_US = 40_000
SECOND_US = 1_000_000


def make_track(
    track: int, *, chunk: int = 0, first_us: int | None = None, last_us: int | None = None, left: float = 0.0
) -> TrackSpan:
    """Return a track of a still face that lasts all of a chunk of ten seconds, unless it is said otherwise."""
    start_us = chunk * 10 * SECOND_US
    box = (left, 20.0, left + 80, 120.0)
    return TrackSpan(
        track=track,
        chunk_index=chunk,
        first_us=start_us if first_us is None else first_us,
        last_us=start_us + 10 * SECOND_US - FRAME_US if last_us is None else last_us,
        first_box=box,
        last_box=box,
    )


def joined(*spans: TrackSpan, chunks_apart: tuple[int, ...] = ()) -> list[list[int]]:
    return [[span.track for span in person] for person in stitched(spans, chunks_apart=chunks_apart)]


def test_faces_that_go_on_are_joined_over_many_chunks():
    spans = [make_track(chunk * 10 + person, chunk=chunk, left=person * 200) for chunk in range(3) for person in (0, 1)]
    assert joined(*spans) == [[0, 10, 20], [1, 11, 21]]


def test_the_order_in_which_rows_come_does_not_matter():
    spans = [make_track(chunk * 10 + person, chunk=chunk, left=person * 200) for chunk in range(4) for person in (0, 1)]
    shuffled = spans.copy()
    random.Random(3).shuffle(shuffled)
    assert joined(*shuffled) == joined(*spans)


def test_faces_elsewhere_are_not_joined():
    assert joined(make_track(0), make_track(1, chunk=1, left=60)) == [[0], [1]]


def test_faces_of_another_size_are_not_joined():
    larger = TrackSpan(
        track=1,
        chunk_index=1,
        first_us=10 * SECOND_US,
        last_us=11 * SECOND_US,
        first_box=(-40.0, -30.0, 120.0, 170.0),
        last_box=(-40.0, -30.0, 120.0, 170.0),
    )
    assert joined(make_track(0), larger) == [[0], [1]]


def test_a_track_that_ended_before_or_begins_later_is_not_joined():
    assert joined(make_track(0, last_us=8 * SECOND_US), make_track(1, chunk=1)) == [[0], [1]]
    assert joined(make_track(0), make_track(1, chunk=1, first_us=12 * SECOND_US)) == [[0], [1]]


def test_nothing_is_joined_where_two_could_be_either():
    # two faces nearly in one place: before, after, and both
    assert joined(make_track(0), make_track(1, left=20), make_track(2, chunk=1, left=5)) == [[0], [1], [2]]
    assert joined(make_track(0), make_track(1, chunk=1), make_track(2, chunk=1, left=15)) == [[0], [1], [2]]
    assert len(joined(*(make_track(i, chunk=i // 2, left=i % 2 * 20) for i in range(4)))) == 4


def test_nothing_is_joined_over_a_chunk_without_rows():
    assert joined(make_track(0), make_track(2, chunk=2)) == [[0], [2]]


def test_chunks_that_are_apart_are_not_joined():
    spans = [make_track(chunk, chunk=chunk) for chunk in range(4)]
    assert joined(*spans, chunks_apart=(1,)) == [[0], [1], [2, 3]]


def test_nobody_is_joined_to_nobody():
    assert stitched([]) == []
