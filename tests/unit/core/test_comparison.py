"""Comparing two readings of the same frames: which faces are the same, what changed, how often and when."""

import pytest

from core.comparison import NUM_CHANGED_SECONDS, DiffTally, GenerationDiff, intersection_over_union, match_faces
from core.emotions import EMOTIONS
from core.observations import FaceObservation, FrameObservation
from tests.factories import make_face, make_face_observation, make_frame_observation, make_probs, make_reading


def face_at(x: float, *, emotion: str = "happy", width: float = 100.0, face_index: int = 0, abstained: bool = False):
    box = (x, 0.0, x + width, 100.0)
    return make_face_observation(emotion, face_index=face_index, face=make_face(box=box), abstained=abstained)


def frame_of(*faces: FaceObservation, pts_seconds: float = 0.0) -> FrameObservation:
    return make_frame_observation(pts_seconds, faces=faces)


def diff_of(*frames: tuple[FrameObservation | None, FrameObservation | None]) -> GenerationDiff:
    tally = DiffTally("media")
    for before, after in frames:
        tally.add_frame(before, after)
    return tally.result()


def test_overlap_is_the_shared_part_of_the_union():
    assert intersection_over_union((0, 0, 10, 10), (5, 0, 15, 10)) == pytest.approx(1 / 3)
    assert intersection_over_union((0, 0, 10, 10), (0, 0, 10, 10)) == 1
    assert intersection_over_union((0, 0, 10, 10), (10, 0, 20, 10)) == 0
    assert intersection_over_union((5, 5, 5, 5), (5, 5, 5, 5)) == 0  # a box without an area is nobody


@pytest.mark.parametrize(("shift", "num_pairs"), [(0, 1), (33, 1), (34, 0), (200, 0)])  # 66/134 and 67/133 of the union
def test_faces_are_one_when_half_of_their_union_is_shared(shift: float, num_pairs: int):
    assert len(match_faces([face_at(0)], [face_at(shift)])) == num_pairs


def test_the_best_overlap_is_taken_first_and_each_face_once():
    near, far = face_at(5), face_at(20)
    pairs = match_faces([face_at(0)], [far, near])
    assert [pair.after for pair in pairs] == [near]


def test_equal_overlaps_are_paired_in_order_of_face_index():
    before = [face_at(0, face_index=0), face_at(0, face_index=1)]
    after = [face_at(0, face_index=0), face_at(0, face_index=1)]
    pairs = match_faces(before, after)
    assert [(pair.before.face_index, pair.after.face_index) for pair in pairs] == [(0, 0), (1, 1)]


def test_faces_are_matched_by_place_not_by_index():
    pairs = match_faces([face_at(0), face_at(300)], [face_at(300), face_at(0)])
    assert all(pair.before.face.box == pair.after.face.box for pair in pairs)
    assert len(pairs) == 2


def test_a_changed_label_is_counted_from_and_to():
    diff = diff_of(
        (frame_of(face_at(0, emotion="happy")), frame_of(face_at(0, emotion="sad"))),
        (frame_of(face_at(0, emotion="fear")), frame_of(face_at(0, emotion="fear"))),
    )
    happy, sad, fear = (EMOTIONS.index(name) for name in ("happy", "sad", "fear"))
    assert diff.labels[happy][sad] == 1
    assert diff.labels[fear][fear] == 1
    assert diff.labels[sad][happy] == 0
    assert (diff.num_named_in_both, diff.num_labels_changed, diff.share_of_labels_changed) == (2, 1, 0.5)


@pytest.mark.parametrize(
    ("before", "after", "counted"),
    [
        (False, True, "num_newly_abstained"),
        (True, False, "num_newly_named"),
        (True, True, "num_abstained_in_both"),
        (False, False, "num_named_in_both"),
    ],
)
def test_every_matched_face_is_in_exactly_one_of_four_counts(before: bool, after: bool, counted: str):
    pair = (frame_of(face_at(0, abstained=before)), frame_of(face_at(0, emotion="sad", abstained=after)))
    diff = diff_of(pair)
    names = ("num_newly_abstained", "num_newly_named", "num_abstained_in_both", "num_named_in_both")
    assert {name: getattr(diff, name) for name in names} == dict.fromkeys(names, 0) | {counted: 1}
    assert diff.num_faces_matched == 1
    num_changed = 0 if counted == "num_abstained_in_both" else 1
    assert diff.num_readings_changed == num_changed
    assert sum(second.num_changed for second in diff.most_changed) == num_changed


def test_faces_and_frames_of_one_generation_alone_are_counted():
    diff = diff_of(
        (frame_of(face_at(0), face_at(300)), frame_of(face_at(0))),
        (frame_of(), frame_of(face_at(0))),
        (frame_of(face_at(0)), None),
        (None, frame_of(face_at(0))),
        (None, frame_of()),
    )
    assert (diff.num_frames_matched, diff.num_frames_only_before, diff.num_frames_only_after) == (2, 1, 2)
    assert (diff.num_faces_matched, diff.num_faces_only_before, diff.num_faces_only_after) == (1, 1, 1)


def test_probabilities_differ_by_their_mean_over_seven():
    one = make_face_observation(reading=make_reading(probs=make_probs("happy", 1.0)))
    other = make_face_observation(reading=make_reading(probs=make_probs("sad", 1.0)))
    assert diff_of((frame_of(one), frame_of(other))).mean_abs_prob_difference == pytest.approx(2 / 7)


def test_nothing_compared_has_no_share():
    assert GenerationDiff().share_of_labels_changed is None
    assert GenerationDiff().mean_abs_prob_difference is None


def test_changes_are_found_by_the_second_also_before_zero():
    sad, happy = face_at(0, emotion="sad"), face_at(0, emotion="happy")
    times = (-0.5, -0.1, 0.0, 0.9, 1.0, 5.0)
    changed = (True, True, False, True, False, False)
    diff = diff_of(
        *(
            (frame_of(happy, pts_seconds=time), frame_of(sad if is_changed else happy, pts_seconds=time))
            for time, is_changed in zip(times, changed, strict=True)
        )
    )
    found = [(second.start_us, second.num_matched, second.num_changed) for second in diff.most_changed]
    assert found == [(-1_000_000, 2, 2), (0, 2, 1)]


def test_the_ten_seconds_with_most_changes_are_kept_earlier_ones_first():
    happy, sad = [face_at(300 * i) for i in range(3)], [face_at(300 * i, emotion="sad") for i in range(3)]
    frames = []
    for second in range(30):
        num_changed = 3 if second == 25 else 1
        after = [*sad[:num_changed], *happy[num_changed:]]
        frames.append((frame_of(*happy, pts_seconds=second), frame_of(*after, pts_seconds=second)))
    diff = diff_of(*frames)
    assert [second.start_us // 1_000_000 for second in diff.most_changed] == [25, *range(9)]
    assert len(diff.most_changed) == NUM_CHANGED_SECONDS


def test_differences_of_two_media_add_up():
    change = (frame_of(face_at(0, emotion="happy")), frame_of(face_at(0, emotion="sad")))
    alone = (frame_of(face_at(0)), frame_of())
    both = diff_of(change) + diff_of(change, alone, (None, frame_of()))
    assert (both.num_frames_matched, both.num_frames_only_after, both.num_faces_only_before) == (3, 1, 1)
    assert (both.num_labels_changed, both.num_faces_matched) == (2, 2)
    assert both.sum_abs_prob_difference == pytest.approx(2 * diff_of(change).sum_abs_prob_difference)
    assert len(both.most_changed) == 2
