"""Years of five people through the real write path, with changes planted at known dates in some and none in others.

Seeded. A sitting a week, save for two months of nothing; on both days on which the clocks change in Berlin; in two
conditions, turn and turn about, that differ by a level of their own. Faces show happy to the level that was planted.
"""

import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from core.observations import FrameObservation
from core.people.subjects import Appearance
from db.people.studies import add_study
from db.people.subjects import add_subject
from db.store import Store
from tests.factories import make_consent, make_face_observation, make_frame_observation, make_reading, make_study
from tests.simulated_year import write_media

#: Day of the year of each sitting: Thursdays at first, Sundays from the first change of the clocks on.
FIRST_DAY: Final = datetime(2026, 1, 1, 8, tzinfo=UTC)
CLOCK_CHANGES: Final = (datetime(2026, 3, 29, 0, 59, 50, tzinfo=UTC), datetime(2026, 10, 25, 0, 59, 50, tzinfo=UTC))
GAP_DAYS: Final = range(100, 160)

#: How much happier stress looks than calm, and how much sittings and frames differ.
CONDITION_LEVEL: Final = 0.06
SESSION_DEVIATION: Final = 0.04
FRAME_DEVIATION: Final = 0.08


@dataclass(frozen=True, kw_only=True)
class Planted:
    """What was put into a person's year."""

    level: Callable[[float], float]  # of happy, by the day of the year
    slope_per_30_days: float | None = None
    shift_days: tuple[float, ...] = ()
    shift_sizes: tuple[float, ...] = ()


YEARS: Final = {
    "rising": Planted(level=lambda day: 0.3 + 0.025 * day / 30, slope_per_30_days=0.025),
    "falling": Planted(level=lambda day: 0.7 - 0.02 * day / 30, slope_per_30_days=-0.02),
    "stepping": Planted(level=lambda day: 0.4 + 0.2 * (day >= 200), shift_days=(200.0,), shift_sizes=(0.2,)),
    "dipping": Planted(
        level=lambda day: 0.6 - 0.2 * (210 <= day < 280), shift_days=(210.0, 280.0), shift_sizes=(-0.2, 0.2)
    ),
    "steady": Planted(level=lambda day: 0.45),  # noqa: ARG005
}


def write_changing_years(store: Store, *, names: Iterable[str] = tuple(YEARS), seed: int = 2026) -> None:
    """Write the years of these people into a store."""
    draw = random.Random(seed)
    with store.writing() as connection:
        add_study(connection, make_study(), actor="simulation")
        for name in names:
            add_subject(connection, name, make_consent(), study_id="moods", group=None, actor="simulation")
    for name in names:
        for number, begins in enumerate(sittings()):
            condition = ("calm", "stress")[number % 2]
            day = (begins - FIRST_DAY) / timedelta(days=1)
            level = YEARS[name].level(day) + CONDITION_LEVEL * (number % 2) + draw.gauss(0, SESSION_DEVIATION)
            seen = Appearance(subject_id=name, session=f"{name}-{number}", condition=condition)
            write_media(store, f"{name}-{number}", begins, _film(draw, level), seen)


def sittings() -> list[datetime]:
    """Return when a year's sittings begin, in UTC."""
    weekly = (FIRST_DAY + timedelta(days=7 * week) for week in range(52))
    filmed = [begins for begins in weekly if (begins - FIRST_DAY).days not in GAP_DAYS]
    return sorted([*filmed, *CLOCK_CHANGES])


def _film(draw: random.Random, level: float) -> list[FrameObservation]:
    frames = []
    for index in range(14):
        prob = min(0.95, max(0.05, level + draw.gauss(0, FRAME_DEVIATION)))
        reading = make_reading("happy", prob=prob, abstained=index == 3)
        faces = [] if index == 7 else [make_face_observation(reading=reading, track=0)]
        frames.append(make_frame_observation(float(index), frame_index=index, faces=faces))
    return frames
