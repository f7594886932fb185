"""Two stored generations side by side, frame by frame."""

import pytest

from core.errors import InputError
from core.media import ChunkSpan
from core.observations import FrameObservation
from db.archive.generation_diff import diff_generations
from db.store import Store
from tests.factories import FPS, make_frame_observation
from tests.stored_generations import Read, request_for, store_generation

pytestmark = pytest.mark.thorough


def every(step: int, emotion: str) -> Read:
    """Read a face in every step-th frame of a span."""

    def read(span: ChunkSpan) -> list[FrameObservation]:
        frames = range(span.first_frame_index, span.end_us * FPS // 1_000_000)
        return [
            make_frame_observation(pts_us=index * 1_000_000 // FPS, frame_index=index, emotion=emotion)
            for index in frames
            if index % step == 0
        ]

    return read


def test_frames_are_compared_where_both_generations_looked(store: Store):
    before = store_generation(store, request_for(), every(2, "happy"))
    after = store_generation(store, request_for(model="big"), every(3, "sad"))
    with store.reading() as connection:
        diff = diff_generations(connection, before.id, after.id)
    # of 500 frames: 250 by twos, 167 by threes, 84 by both
    assert (diff.num_frames_matched, diff.num_frames_only_before, diff.num_frames_only_after) == (84, 166, 83)
    assert (diff.num_faces_matched, diff.num_labels_changed) == (84, 84)


def test_generation_does_not_differ_from_itself(store: Store):
    job = store_generation(store, request_for(), every(1, "happy"))
    with store.reading() as connection:
        diff = diff_generations(connection, job.id, job.id)
    assert (diff.num_frames_matched, diff.num_faces_matched) == (500, 500)
    assert (diff.num_readings_changed, diff.num_frames_only_before, diff.num_frames_only_after) == (0, 0, 0)
    assert diff.mean_abs_prob_difference == 0
    assert diff.most_changed == ()


def test_generation_without_rows_leaves_the_other_alone(store: Store):
    before = store_generation(store, request_for(), every(1, "happy"))
    after = store_generation(store, request_for(model="big"), lambda _: [])
    with store.reading() as connection:
        assert diff_generations(connection, before.id, after.id).num_frames_only_before == 500
        assert diff_generations(connection, after.id, before.id).num_frames_only_after == 500


def test_generations_of_two_media_are_not_compared(store: Store):
    one, other = store_generation(store, request_for("one")), store_generation(store, request_for("other"))
    with store.reading() as connection, pytest.raises(InputError, match="are of two media"):
        diff_generations(connection, one.id, other.id)
