"""A long media, made up: hours at 25 Hz with faces, in chunks of 600 frames, committed through the ledger."""

from dataclasses import replace

from benchmarks.scale.ledger import FPS, NUM_FRAMES, make_request, make_rows, make_span
from core.observations import FrameObservation, track_number
from db.queue import ledger
from db.store import Store
from db.submission import submit


def write_long_media(store: Store, name: str, *, num_seconds: int, num_faces: int = 2) -> str:
    """Write a media whose every frame shows so many faces; return its job."""
    num_chunks = num_seconds * FPS // NUM_FRAMES
    with store.writing() as connection:
        job_id = submit(connection, make_request(name, num_chunks=num_chunks)).job.id
    for index in range(num_chunks):
        with store.writing() as connection:
            claim = ledger.claim_next(connection, job_id, lease_owner="bench", lease_seconds=600)
            assert claim is not None, "there are as many chunks as claims"
            ledger.commit_chunk(connection, claim, _rows(index, num_faces))
    return job_id


def _rows(chunk_index: int, num_faces: int) -> list[FrameObservation]:
    """Return a chunk's rows; each of its faces has one track."""
    span = make_span(chunk_index)
    tracks = [track_number(frame_index=span.first_frame_index, face_index=index) for index in range(num_faces)]
    return [
        replace(
            frame,
            faces=tuple(replace(face, track=track) for face, track in zip(frame.faces, tracks, strict=True)),
        )
        for frame in make_rows(span, num_frames=NUM_FRAMES, num_faces=num_faces)
    ]
