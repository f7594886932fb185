"""A study of three groups through the real write path, with hand labels: in one group, readings err more.

Seeded. Everybody is labelled happy throughout; where the reading errs, it says sad. A group of five is too small.
"""

import random
from datetime import UTC, datetime, timedelta
from typing import Final

from core.people.subjects import Appearance
from db.people.studies import add_study
from db.people.subjects import add_subject
from db.store import Store
from tests.factories import make_consent, make_face_observation, make_frame_observation, make_study
from tests.simulated_year import write_media

#: Share of readings that agree with the labels, and how many people, by group.
GROUPS: Final = {"older": (0.70, 22), "younger": (0.85, 22), "few": (0.85, 5)}
NUM_SPANS: Final = 30


def write_groups(store: Store, *, seed: int = 7) -> list[str]:
    """Write the study; return the lines of its file of labels."""
    draw = random.Random(seed)
    lines = ["media,start_seconds,end_seconds,emotion"]
    with store.writing() as connection:
        add_study(connection, make_study(), actor="simulation")
        for group, (_, num_people) in GROUPS.items():
            for number in range(num_people):
                name = f"{group}-{number}"
                add_subject(connection, name, make_consent(), study_id="moods", group=group, actor="simulation")
    for group, (accuracy, num_people) in GROUPS.items():
        for number in range(num_people):
            own = draw.gauss(accuracy, 0.05)
            shown = ["happy" if draw.random() < own else "sad" for _ in range(NUM_SPANS)]
            frames = [
                make_frame_observation(float(second), frame_index=second, faces=[make_face_observation(emotion)])
                for second, emotion in enumerate(shown)
            ]
            seen = Appearance(subject_id=f"{group}-{number}", session="only", condition="calm")
            begins = datetime(2026, 5, 1, tzinfo=UTC) + timedelta(hours=number)
            write_media(store, f"{group}-{number}", begins, frames, seen)
            lines += [f"{group}-{number}.mp4,{second},{second + 1},happy" for second in range(NUM_SPANS)]
    return lines
