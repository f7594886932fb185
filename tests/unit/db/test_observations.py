"""Frame and face rows: what is read is what was written, frame by frame."""

import math
from dataclasses import replace

import numpy as np
import pytest
from sqlalchemy import select

from core.frames import FrameStatus
from core.observations import FrameObservation, Reading
from db.observations import insert_frames, stream_frames
from db.queue.ledger import claim_next
from db.row_tables import FaceTable
from db.store import Store
from db.submission import submit
from tests.factories import (
    make_face,
    make_face_observation,
    make_frame_observation,
    make_reading,
    make_request,
    make_span,
)


def store_frames(store: Store, frames: list[FrameObservation]) -> str:
    with store.writing() as connection:
        request = make_request(spans=(make_span(start_seconds=-100, seconds=10_000),))
        job = submit(connection, request).job
        held = claim_next(connection, job.id, lease_owner="a", lease_seconds=60)
        assert held is not None
        insert_frames(connection, held, frames)
    return job.id


def read_frames(store: Store, job_id: str) -> list[FrameObservation]:
    with store.reading() as connection:
        return list(stream_frames(connection, job_id))


def test_frames_come_back_in_order_and_bit_equal(store: Store):
    thirds = make_reading(probs=(1 / 3, 1 / 7, 0.1, 0.2, 5e-324, 1 - 1 / 3 - 1 / 7 - 0.1 - 0.2, 0.0))
    face = make_face(box=(-3.123456789012345, 0.1 + 0.2, 1e300, 80.0), score=math.nextafter(1, 0))
    frames = [
        make_frame_observation(pts_seconds=-0.5, frame_index=0, status=FrameStatus.NO_FACE),
        make_frame_observation(
            pts_seconds=0.04,
            frame_index=1,
            faces=[
                make_face_observation(face=face, reading=thirds),
                make_face_observation("sad", face_index=1, face=make_face(landmarks=False), abstained=True),
            ],
        ),
        make_frame_observation(pts_seconds=0.08, frame_index=2, status=FrameStatus.UNDECODABLE),
        make_frame_observation(pts_seconds=0.12, frame_index=3),
    ]
    job_id = store_frames(store, list(reversed(frames)))
    assert read_frames(store, job_id) == frames


def test_negative_zero_is_stored_as_zero_everywhere_because_sqlite_does_so_in_columns(store: Store):
    face = replace(make_face(box=(-0.0, 0.0, 9.0, 9.0)), landmarks=((-0.0, 1.0),) * 5)
    job_id = store_frames(store, [make_frame_observation(faces=[make_face_observation(face=face)])])
    stored = read_frames(store, job_id)[0].faces[0].face
    assert math.copysign(1, stored.box[0]) == 1
    assert math.copysign(1, stored.landmarks[0][0]) == 1


def test_numpy_scalars_are_stored_as_numbers(store: Store):
    probs = tuple(np.full(7, 1 / 7, dtype=np.float32))
    reading = Reading(probs=probs, unreadable=np.float32(0.25), abstained=np.bool_(True))
    box = tuple(np.array([1.5, 2.5, 3.5, 4.5], dtype=np.float32))
    landmarks = tuple((x, y) for x, y in np.arange(10, dtype=np.float32).reshape(5, 2))
    face = replace(make_face(box=box), landmarks=landmarks)
    observation = make_face_observation(face=face, reading=reading)
    frame = make_frame_observation(pts_us=np.int64(40_000), frame_index=np.int64(1), faces=[observation])
    job_id = store_frames(store, [frame])
    assert read_frames(store, job_id) == [frame]
    with store.reading() as connection:
        row = connection.execute(select(FaceTable.__table__)).one()
    assert [type(value) for value in (row.pts_us, row.x1, row.p_angry, row.abstained)] == [int, float, float, bool]


def test_value_that_is_no_number_is_refused_with_its_frame(store: Store):
    frame = make_frame_observation(frame_index=7, faces=[make_face_observation(face=make_face(score=math.nan))])
    with pytest.raises(ValueError, match="frame 7 face 0 has a value that is no number"):
        store_frames(store, [frame])


@pytest.mark.thorough
def test_streaming_holds_a_page_of_rows_not_the_job(store: Store):
    job_id = store_frames(store, [make_frame_observation(pts_us=index, frame_index=index) for index in range(2_500)])
    with store.reading() as connection:
        stream = stream_frames(connection, job_id)
        assert next(stream).frame_index == 0
        assert [frame.frame_index for frame in stream] == list(range(1, 2_500))
        assert all(len(frame.faces) == 1 for frame in stream_frames(connection, job_id))


def test_job_without_rows_streams_nothing(store: Store):
    assert read_frames(store, store_frames(store, [])) == []
