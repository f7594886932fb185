"""A range of a record is that part of the whole one, and is read without the rest."""

from datetime import UTC, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from core.calendar_bins import parse_width
from core.errors import InputError
from core.people.longitudinal import Enough
from core.time_ranges import EVERYTHING, TimeRange, parse_range
from db.people.subject_timelines import RecordQuestion, record_extent, subject_timeline
from db.store import Store
from tests.simulated_year import WrittenFrame, write_year

pytestmark = pytest.mark.thorough

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture
def written(store: Store) -> list[WrittenFrame]:
    return write_year(store, num_sittings=6)


def asked(width: str, span: TimeRange = EVERYTHING, **more) -> RecordQuestion:
    enough = Enough(min_readings=1)
    return RecordQuestion(subject_id="anna", width=parse_width(width), zone=BERLIN, enough=enough, span=span, **more)


def answer(store: Store, question: RecordQuestion):
    with store.reading() as connection:
        return subject_timeline(connection, question)


@pytest.mark.parametrize(
    ("width", "begin", "until"),
    [
        ("1mo", "2026-02-14", "2026-11-02"),
        ("1d", "2026-03-28", "2026-10-26"),
        ("1d", "2026-03-29T12:00:00Z", "2026-10-26"),  # in the middle of a day: the next one is the first
        ("1h", "2026-03-29", "2026-03-30"),
        ("1m", "2026-03-29T00:59:45Z", "2026-03-29T01:03:00Z"),
        ("1m", "2026-03-29T01:00:20Z", "2026-03-29T01:02:01Z"),
        ("1s", "2026-03-29T00:59:50Z", "2026-03-29T01:00:10Z"),
        ("1s", "2026-06-30", "2026-06-30T22:00:00.5Z"),
        ("0.1s", "2026-03-29T00:59:50.25Z", "2026-03-29T01:00:10Z"),
    ],
)
def test_a_range_is_that_part_of_the_whole_record(store: Store, written, width: str, begin: str, until: str):
    span = parse_range(begin, until, BERLIN)
    found = answer(store, asked(width, span))
    frames = [each for each in written if each.subject == "anna"]
    points = {point.start.timestamp(): point for point in found.points if point.num_frames}
    assert points, "nothing was compared"
    covered = (found.points[0].start.timestamp() * 1e6, found.points[-1].end.timestamp() * 1e6)
    assert sum(point.num_frames for point in points.values()) == sum(
        covered[0] <= each.at_us < covered[1] for each in frames
    )
    assert span.from_us is not None
    assert found.points[0].start.timestamp() * 1e6 >= span.from_us
    if width in ("1mo", "1d", "1h"):
        whole = {point.start.timestamp(): point for point in answer(store, asked(width)).points}
        assert all(whole[start] == point for start, point in points.items())


@pytest.mark.usefixtures("written")
def test_points_of_a_range_follow_one_another_without_a_hole(store: Store):
    found = answer(store, asked("1d", parse_range("2025-12-01", "2027-02-01", BERLIN))).points
    assert len(found) == 427
    assert all(one.end == other.start for one, other in pairwise(found))
    gap = found[0]
    assert (gap.num_frames, gap.estimates) == (0, None)


@pytest.mark.usefixtures("written")
def test_a_range_in_which_nobody_was_filmed_still_says_of_what_the_record_is(store: Store):
    found = answer(store, asked("1h", parse_range("2026-08-05", "2026-08-06", BERLIN), condition="calm"))
    assert len(found.points) == 24
    assert found.model_versions == answer(store, asked("1mo")).model_versions != ()
    with pytest.raises(InputError, match="--condition none: no sitting of anna has it; there are: calm, stress"):
        answer(store, asked("1h", parse_range("2026-08-05", "2026-08-06", BERLIN), condition="none"))


@pytest.mark.usefixtures("written")
def test_no_bin_begins_in_a_short_range(store: Store):
    found = answer(store, asked("1d", parse_range("2026-03-29T01:00:00Z", "2026-03-29T01:00:01Z", BERLIN)))
    assert found.points == ()


@pytest.mark.usefixtures("written")
def test_a_minute_is_read_without_the_rest_of_the_year(store: Store):
    """Counted in steps of SQLite's machine."""

    def steps(span: TimeRange) -> int:
        counted = 0

        def count() -> int:
            nonlocal counted
            counted += 1
            return 0

        with store.reading() as connection:
            driver = connection.connection.driver_connection
            driver.set_progress_handler(count, 10)
            subject_timeline(connection, asked("1s", span))
            driver.set_progress_handler(None, 0)
        return counted

    sitting = parse_range("2026-03-29T00:59:00Z", "2026-03-29T01:00:00Z", BERLIN)
    assert steps(sitting) < steps(parse_range("2026-03-29", "2026-04-01", BERLIN)) / 1.5
    assert steps(sitting) < steps(parse_range("2026-01-01T00:00:00Z", "2026-01-01T00:00:01Z", BERLIN)) * 20


def test_an_extent_is_that_of_the_media(store: Store, written):
    with store.reading() as connection:
        found = record_extent(connection, "anna")
    first = min(each.at_us for each in written if each.subject == "anna")
    assert found.from_us == first
    assert found.until_us is not None
    assert datetime.fromtimestamp(found.until_us / 1e6, UTC).year == 2026
