"""Whose tracks are whose is made of the stitched tracks and of the decisions that stand, in order, and nothing else."""

import random
from datetime import UTC, datetime

import pytest

from core.errors import InputError
from core.tracks.state import Decision, DecisionKind, WhoseFaces, standing, state_of
from core.tracks.stitching import TrackSpan

SECOND_US = 1_000_000
BOX = (0.0, 0.0, 50.0, 60.0)


def make_span(track: int, first_seconds: float, last_seconds: float) -> TrackSpan:
    return TrackSpan(
        track=track,
        chunk_index=0,
        first_us=round(first_seconds * SECOND_US),
        last_us=round(last_seconds * SECOND_US),
        first_box=BOX,
        last_box=BOX,
    )


#: A person over two chunks, and four who come one after the other.
STITCHED = [(make_span(1, 0, 9), make_span(10, 10, 19)), *((make_span(n, 3 * n, 3 * n + 2),) for n in range(2, 6))]


def make_decision(number: int, kind: DecisionKind, *tracks: int, **overrides: object) -> Decision:
    fields: dict[str, object] = {
        "number": number,
        "kind": kind,
        "tracks": tracks,
        "actor": "tester",
        "made_at": datetime(2026, 5, 4, tzinfo=UTC),
    }
    return Decision(**fields | overrides)  # type: ignore[arg-type]


def test_without_decisions_tracks_are_as_they_were_stitched():
    state = state_of(STITCHED, [])
    assert list(state) == [1, 2, 3, 4, 5]
    assert [part.track for part in state[1].parts] == [1, 10]
    assert state[1].seconds == 19


def test_a_merged_track_has_the_number_of_the_first_and_its_one_subject():
    assign = make_decision(1, DecisionKind.ASSIGN, 4, subject_key="a")
    state = state_of(STITCHED, [assign, make_decision(2, DecisionKind.MERGE, 4, 3)])
    assert list(state) == [1, 2, 3, 5]
    assert (state[3].subject_key, [part.track for part in state[3].parts]) == ("a", [3, 4])


def test_a_split_track_is_found_by_time():
    split = make_decision(1, DecisionKind.SPLIT_AT, 1, at_us=5 * SECOND_US, new_track=77)
    whose = WhoseFaces(state_of(STITCHED, [make_decision(0, DecisionKind.ASSIGN, 1, subject_key="a"), split]))
    found = [(whose.find(track, round(at * SECOND_US))) for track, at in ((1, 4.9), (1, 5.0), (10, 12.0))]
    assert [(each.number, each.subject_key) for each in found if each] == [(1, "a"), (77, None), (77, None)]
    assert whose.find(None, 0) is None
    assert whose.find(99, 0) is None


def test_a_track_that_was_cut_is_not_taken_apart_by_name():
    cut = make_decision(1, DecisionKind.SPLIT_AT, 1, at_us=5 * SECOND_US, new_track=77)
    with pytest.raises(InputError, match="split it --at a time"):
        state_of(STITCHED, [cut, make_decision(2, DecisionKind.SPLIT, 77)])


def test_undoing_is_as_if_it_had_not_been_whatever_was_decided():
    for seed in range(50):
        draw = random.Random(seed)
        decisions: list[Decision] = []
        states = [state_of(STITCHED, decisions)]
        for number in range(1, 9):
            known = list(states[-1])
            kind = draw.choice([DecisionKind.ASSIGN, DecisionKind.MERGE, DecisionKind.SPLIT, DecisionKind.SPLIT_AT])
            tracks = draw.sample(known, min(len(known), 2 if kind is DecisionKind.MERGE else 1))
            middle = (states[-1][tracks[0]].first_us + states[-1][tracks[0]].last_us) // 2
            decision = make_decision(
                number,
                kind,
                *tracks,
                subject_key=draw.choice(["a", "b", None]) if kind is DecisionKind.ASSIGN else None,
                at_us=middle,
                new_track=100 + number,
            )
            try:
                state = state_of(STITCHED, [*decisions, decision])
            except InputError:
                continue
            decisions.append(decision)
            states.append(state)
        for before in states[-2::-1]:
            newest = standing(decisions)[-1]
            decisions.append(make_decision(100 + len(decisions), DecisionKind.UNDO, undoes=newest.number))
            assert state_of(STITCHED, decisions) == before
