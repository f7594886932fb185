"""A year of three people, written through the real write path: known levels, gaps, both changes of the clocks.

Seeded. Each person is filmed in 50 sittings over 2026, some on the days on which the clocks change in Europe, some
across midnight of Berlin; in two conditions, turn and turn about. What was written is returned, for sums of one's own.
"""

import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from core.observations import FrameObservation
from core.people.subjects import Appearance
from db.people.studies import add_study
from db.people.subjects import add_subject
from db.queue.ledger import claim_next, commit_chunk
from db.store import Store
from db.submission import submit
from tests.factories import (
    make_consent,
    make_face,
    make_face_observation,
    make_frame_observation,
    make_reading,
    make_request,
    make_span,
    make_study,
)

SUBJECTS = ("anna", "ben", "cleo")
NUM_SITTINGS = 50
SECONDS = 40
FPS = 1

#: Beginnings in UTC that are harder than others: both changes of the clocks in Berlin, and across its midnight.
HARD_TIMES = (
    datetime(2026, 3, 29, 0, 59, 45, tzinfo=UTC),
    datetime(2026, 10, 25, 0, 59, 45, tzinfo=UTC),
    datetime(2026, 10, 25, 22, 59, 50, tzinfo=UTC),
    datetime(2026, 6, 30, 21, 59, 50, tzinfo=UTC),
)


@dataclass(frozen=True, kw_only=True)
class WrittenFrame:
    """One frame as it was written, and where it belongs."""

    subject: str
    session: str
    condition: str
    at_us: int  # since 1970 in UTC
    frame: FrameObservation


def write_year(store: Store, *, seed: int = 2026, num_sittings: int = NUM_SITTINGS) -> list[WrittenFrame]:
    """Write the year, or the first sittings of it; return every frame."""
    draw = random.Random(seed)
    with store.writing() as connection:
        add_study(connection, make_study(), actor="simulation")
        for subject in SUBJECTS:
            add_subject(connection, subject, make_consent(), study_id="moods", group=None, actor="simulation")
    return [
        written
        for subject in SUBJECTS
        for number in range(num_sittings)
        for written in _write_sitting(store, draw, subject, number)
    ]


def _write_sitting(store: Store, draw: random.Random, subject: str, number: int) -> list[WrittenFrame]:
    """Two media a sitting, a minute apart, so that a session is more than a file."""
    begins = (
        HARD_TIMES[number]
        if number < len(HARD_TIMES)
        else datetime(2026, 1, 2, 8, tzinfo=UTC) + timedelta(days=7 * number, seconds=draw.randrange(36_000))
    )
    condition = ("calm", "stress")[number % 2]
    session = f"{subject}-{number}"
    level = draw.uniform(0.2, 0.6)  # of this sitting: sittings differ more than frames
    written = []
    for part in range(2):
        started_at = begins + timedelta(seconds=part * 100)
        frames = _film(draw, level)
        seen = Appearance(subject_id=subject, session=session, condition=condition)
        write_media(store, f"{session}-{part}", started_at, frames, seen)
        origin_us = (started_at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
        written += [
            WrittenFrame(
                subject=subject, session=session, condition=condition, at_us=origin_us + frame.pts_us, frame=frame
            )
            for frame in frames
        ]
    return written


def _film(draw: random.Random, level: float) -> list[FrameObservation]:
    """Some frames show nobody, some readings abstain, some faces are small."""
    frames = []
    for index in range(draw.randrange(SECONDS * FPS // 2, SECONDS * FPS)):
        nobody = draw.random() < 0.15
        height = draw.choice([45.0, 80.0])
        reading = make_reading(
            draw.choice(["happy", "sad"]), prob=level + draw.uniform(0, 0.3), abstained=draw.random() < 0.2
        )
        face = make_face_observation(face=make_face(box=(20.0, 20.0, 60.0, 20.0 + height)), reading=reading, track=0)
        frames.append(make_frame_observation(index / FPS, frame_index=index, faces=[] if nobody else [face]))
    return frames


def write_media(
    store: Store, name: str, started_at: datetime, frames: list[FrameObservation], appearance: Appearance | None
) -> None:
    """Submit, claim and commit a media of one chunk, as a worker would."""
    request = make_request(name, spans=(make_span(0, seconds=SECONDS),), started_at=started_at, appearance=appearance)
    with store.writing() as connection:
        job = submit(connection, request).job
        claim = claim_next(connection, job.id, lease_owner="simulation", lease_seconds=60)
        assert claim is not None
        commit_chunk(connection, claim, frames)
