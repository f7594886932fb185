"""A report says what it rests on, shows gaps and what is too little, and lets no name become markup."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from matplotlib.figure import Figure

from cli.rendering.subject_report import SubjectReport, report_page
from core.calendar_bins import parse_width
from core.change.search import Search, find_changes
from core.documents import NOTICE
from core.exports.manifest import SourceJob
from core.people.baseline import Sittings, baseline_of
from core.people.longitudinal import Enough, SessionBin, points_of
from core.people.session_series import series_of
from core.people.sittings import sittings_of
from core.people.subject_timeline import LeftOut, SubjectTimeline
from tests.factories import make_study
from tests.unit.core.people.test_longitudinal import HOUR_US, make_bin

pytestmark = pytest.mark.thorough

ZONE = ZoneInfo("Europe/Berlin")
DAY_US = 24 * HOUR_US


@pytest.fixture
def undrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages with empty pictures: drawing takes seconds."""
    for name in ("subject_figure", "changes_figure"):
        monkeypatch.setattr(f"cli.rendering.subject_report.{name}", lambda *_, **__: Figure(figsize=(1, 1)))


def make_bins(num: int = 8) -> list[SessionBin]:
    """Sittings of twenty readings, a day apart, in two conditions; a day without any in the middle."""
    days = [day for day in range(num + 1) if day != num // 2]
    return [
        replace(
            make_bin(f"s{day}", start_us=day * DAY_US, num_faces=20, prob=0.4 + day / 40),
            condition=("calm", "stress")[day % 2],
        )
        for day in days
    ]


def make_report(bins: list[SessionBin], *, subject_id: str = "anna", with_baseline: bool = False) -> SubjectReport:
    width, enough = parse_width("1d"), Enough()
    own = None
    if with_baseline:
        own = baseline_of(bins, Sittings(sessions=("s0",)), number=3, definition="s0", model_versions=("small-0",))
    return SubjectReport(
        record=SubjectTimeline(
            subject_id=subject_id,
            width=width,
            zone=ZONE,
            enough=enough,
            points=points_of(bins, width=width, zone=ZONE, enough=enough),
            model_versions=("small-0",),
            left_out=LeftOut(num_without_time=2, num_without_rows=0, num_shared=0),
            baseline=own,
        ),
        sittings=sittings_of(bins, zone=ZONE, enough=enough),
        bins=tuple(bins),
        changes=find_changes(series_of(bins, min_readings=10), Search(num_shuffles=999)) if bins else None,
        study=make_study(),
        sources=(make_source(),),
        question={"bin": "1d", "zone": "Europe/Berlin"},
        command="moodline subject report anna",
        written_at=datetime(2026, 11, 21, tzinfo=UTC),
    )


def make_source() -> SourceJob:
    return SourceJob(
        media_id="0" * 16,
        media_sha256="0" * 64,
        started_at=None,
        session="s0",
        condition="calm",
        job_id="1" * 16,
        state="done",
        parameters={"sample_rate_hz": 5.0, "min_face_px": 40, "detector": "fast"},
        model_version="small-0",
        model_sha256="2" * 64,
        num_frames=1234,
        software=(),
    )


def text_of(page: str) -> str:
    """The page without markup, drawings and style."""
    page = re.sub(r"<(svg|style)\b.*?</\1>", " ", page, flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


@pytest.mark.usefixtures("undrawn")
def test_a_report_says_what_it_is_and_what_it_rests_on():
    text = text_of(report_page(make_report(make_bins())))
    assert NOTICE in text
    assert "Of 9 bins of 1d, 8 have a value, 0 hold too little" in text
    assert "in 1 nothing was filmed" in text
    assert "Left out: 2 media, as it is not known when they were filmed." in text
    assert "5 frames a second" in text
    assert "moodline subject report anna" in text
    assert "stress less calm" in text
    assert text.count("s0") >= 1


@pytest.mark.usefixtures("undrawn")
def test_a_baseline_is_told_and_its_absence_too():
    assert "Baseline 3: s0; 1 sessions" in text_of(report_page(make_report(make_bins(), with_baseline=True)))
    assert "None was asked for" in text_of(report_page(make_report(make_bins())))


@pytest.mark.usefixtures("undrawn")
def test_a_session_with_too_little_has_no_value():
    page = report_page(make_report([make_bin("short", num_faces=3), *make_bins()]))
    assert "insufficient" in text_of(page)


def test_nothing_was_seen_is_a_report_too():
    assert "nothing was seen" in text_of(report_page(make_report([])))


def test_names_cannot_become_markup_and_the_page_asks_nobody_for_anything():
    evil = '<script>alert("x")</script>'
    bins = [replace(each, session=evil + each.session, condition=f"{evil}{each.condition}") for each in make_bins()]
    page = report_page(make_report(bins, subject_id=evil))
    assert "<script" not in page
    without_namespaces = re.sub(r'xmlns(:\w+)?="[^"]*"', "", page)
    assert not re.search(r"""(src|href)\s*=\s*["'](?!#)""", without_namespaces.replace("xlink:", ""))


@pytest.mark.usefixtures("undrawn")
def test_change_is_told_with_its_false_alarms_or_said_to_be_too_little():
    shifted = [
        make_bin(f"s{day}", start_us=day * DAY_US, num_faces=20, prob=0.3 + 0.4 * (day > 7)) for day in range(16)
    ]
    text = text_of(report_page(make_report(shifted)))
    assert "happy: the record changed about 1970-01-08" in text
    assert "False alarms: the same search finds something in" in text
    few = text_of(report_page(make_report(make_bins(4))))
    assert "Insufficient: 4 sessions with a value, and 8 are the least." in few
    several = replace(make_report(make_bins()), changes=None)
    assert "Not searched: the record is of several models" in text_of(report_page(several))
