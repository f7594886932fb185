"""A simulated year, bin by bin, beside an independent sum of the same rows by pandas."""

from zoneinfo import ZoneInfo

import pandas as pd
import pytest
from scipy import stats

from core.calendar_bins import parse_width
from core.emotions import EMOTIONS
from core.errors import InputError
from core.people.baseline import Baseline, Sittings, baseline_of
from core.people.longitudinal import NEGATIVE, Enough, points_of
from core.people.subjects import Appearance
from db.people.appearances import assign
from db.people.baselines import add_baseline, get_baseline
from db.people.erasure import erase_subject
from db.people.longitudinal import subject_record
from db.people.studies import add_study
from db.people.subjects import add_subject
from db.store import Store
from db.submission import submit
from db.timelines.rollups import FaceGate
from tests.factories import make_consent, make_request, make_study
from tests.simulated_year import SUBJECTS, WrittenFrame, write_year

pytestmark = pytest.mark.thorough

BERLIN = ZoneInfo("Europe/Berlin")
PANDAS_BINS = {"5m": "5min", "1h": "h"}


def as_table(written: list[WrittenFrame], *, min_face_px: float = 0.0) -> pd.DataFrame:
    """A row a frame; `counts`: whether its face's reading counts."""
    rows = []
    for each in written:
        face = each.frame.faces[0] if each.frame.faces else None
        counts = face is not None and not face.reading.abstained and face.face_px >= min_face_px
        probs = face.reading.probs if face else [float("nan")] * len(EMOTIONS)
        rows.append(
            {
                "subject": each.subject,
                "session": each.session,
                "at": pd.Timestamp(each.at_us, unit="us", tz="UTC"),
                "has_face": face is not None,
                "counts": counts,
                **dict(zip(EMOTIONS, probs, strict=True)),
            }
        )
    table = pd.DataFrame(rows)
    table["valence"] = table["happy"] - table[list(NEGATIVE)].sum(axis=1, skipna=False)
    return table


def starts(at: pd.Series, width: str) -> pd.Series:
    """Where the bin of each time begins, by pandas' own calendar."""
    local = at.dt.tz_convert(BERLIN)
    if width == "1d":
        return local.dt.normalize()
    if width == "1w":
        days = local.dt.tz_localize(None).dt.normalize()
        return (days - pd.to_timedelta(days.dt.day_of_week, unit="D")).dt.tz_localize(BERLIN)
    if width == "1mo":
        return local.dt.tz_localize(None).dt.to_period("M").dt.start_time.dt.tz_localize(BERLIN)
    return at.dt.floor(PANDAS_BINS[width]).dt.tz_convert(BERLIN)


def check_every_bin(
    store: Store,
    written: list[WrittenFrame],
    width_text: str,
    gate: FaceGate | None = None,
    *,
    subjects: tuple[str, ...] = SUBJECTS,
) -> None:
    width = parse_width(width_text)
    table = as_table(written, min_face_px=gate.min_face_px if gate else 0.0)
    for subject in subjects:
        with store.reading() as connection:
            record = subject_record(connection, subject, bin_us=width.source_us, gate=gate)
        points = points_of(record.bins, width=width, zone=BERLIN, enough=Enough(min_readings=1))
        mine = table[table["subject"] == subject].copy()
        mine["start"] = starts(mine["at"], width_text)
        groups = {start.timestamp(): rows for start, rows in mine.groupby("start")}
        assert [point.end for point in points[:-1]] == [point.start for point in points[1:]]
        # as moments: two wall-clock times of one zone compare without regard to the hour that comes twice
        assert {point.start.timestamp() for point in points if point.num_frames} == set(groups)
        gaps = [point for point in points if not point.num_frames]
        assert all(point.estimates is None and point.coverage is None for point in gaps)
        for point in points:
            if not point.num_frames:
                continue
            expected = groups[point.start.timestamp()]
            counted = expected[expected["counts"]]
            assert point.num_frames == len(expected)
            assert point.num_face_frames == expected["has_face"].sum()
            assert point.num_readings == len(counted)
            assert point.coverage == pytest.approx(len(counted) / len(expected))
            by_session = counted.groupby("session")[[*EMOTIONS, "valence"]].mean()
            assert point.num_sessions == len(by_session)
            if by_session.empty:
                assert point.estimates is None
                continue
            assert point.estimates is not None
            for name, values in by_session.items():
                found = point.estimates[str(name)]
                assert found.mean == pytest.approx(values.mean(), abs=1e-9)
                if len(values) > 1:
                    low, high = stats.t.interval(0.95, len(values) - 1, values.mean(), stats.sem(values))
                    assert (found.low, found.high) == pytest.approx((low, high), abs=1e-9)
                else:
                    assert found.low is found.high is None


def check_year(store: Store, *, num_sittings: int) -> None:
    written = write_year(store, num_sittings=num_sittings)
    for width in ("1h", "1d", "1w", "1mo"):
        check_every_bin(store, written, width)
    check_every_bin(store, written, "5m", subjects=SUBJECTS[:1])  # a hundred thousand bins
    check_every_bin(store, written, "1mo", FaceGate(min_face_px=60.0))  # rejects are kept, and marked


def test_every_bin_is_what_pandas_makes_of_the_rows(store: Store):
    check_year(store, num_sittings=3)  # tests/integration/db/test_simulated_year.py has the whole of it


def test_a_bin_with_too_little_is_insufficient_and_never_zero(store: Store):
    write_year(store, num_sittings=4)
    width = parse_width("1mo")
    with store.reading() as connection:
        record = subject_record(connection, "ben", bin_us=width.source_us)
    for enough, is_sufficient in (
        (Enough(min_sessions=5), False),
        (Enough(min_readings=10_000), False),
        (Enough(min_readings=1), True),
    ):
        points = points_of(record.bins, width=width, zone=BERLIN, enough=enough)
        filmed = [point for point in points if point.num_frames]
        assert filmed
        assert [point.estimates is not None for point in filmed] == [is_sufficient] * len(filmed)
        assert all(point.estimates is None for point in points if not point.num_frames)


def test_a_baseline_comes_back_as_it_was_made_and_numbers_count_up(store: Store):
    write_year(store, num_sittings=4)
    with store.writing() as connection:
        record = subject_record(connection, "anna", bin_us=60_000_000)

        def make(number: int) -> Baseline:
            return baseline_of(
                record.bins, Sittings(), number=number, definition="all", model_versions=record.model_versions
            )

        made = [add_baseline(connection, "anna", make, actor="tester") for _ in range(2)]
        assert [each.number for each in made] == [1, 2]
        assert get_baseline(connection, "anna", 1) == made[0]
        assert get_baseline(connection, "anna") == made[1]
        with pytest.raises(InputError, match="subject ben has no baseline"):
            get_baseline(connection, "ben")
        with pytest.raises(InputError, match="none of number 3"):
            get_baseline(connection, "anna", 3)
        erase_subject(connection, "anna", actor="tester")


def test_what_is_left_out_is_counted(store: Store):
    write_one = make_request("one", appearance=Appearance(subject_id="anna"))
    with store.writing() as connection:
        add_study(connection, make_study(), actor="tester")
        for subject in ("anna", "ben"):
            add_subject(connection, subject, make_consent(), study_id="moods", group=None, actor="tester")
        job = submit(connection, write_one).job
        assign(connection, job.media_id, Appearance(subject_id="ben"), actor="tester")
        record = subject_record(connection, "anna", bin_us=60_000_000)
    assert record.bins == ()
    assert (record.left_out.num_without_time, record.left_out.num_without_rows, record.left_out.num_shared) == (1, 1, 1)
