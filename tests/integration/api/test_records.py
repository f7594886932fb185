"""A person's record over HTTP: a range of it, files like the command's, its manifest; sittings, changes, baselines."""

import json
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.app import make_app
from api.parts import ApiSettings
from core.people.baseline import Sittings, baseline_of
from db.people import audit
from db.people.baselines import add_baseline
from db.people.longitudinal import subject_record
from db.store import Store, open_store
from tests.conftest import Run
from tests.integration.api.conftest import Served
from tests.simulated_year import write_year

YEAR = "from=2026-01-01&until=2027-01-01"

#: Prints what a server that answers already loads to answer the first questions about a record.
FIRST_QUESTIONS = """
import sys
from pathlib import Path
from fastapi.testclient import TestClient
from api.app import make_app
from api.parts import ApiSettings

url, folder, *paths = sys.argv[1:]
with TestClient(make_app(ApiSettings(db_url=url, uploads=Path(folder))), base_url="http://localhost") as client:
    client.get("/v1/health")
    loaded = set(sys.modules)
    for path in paths:
        assert client.get(path).status_code == 200, path
    print([name for name in sys.modules.keys() - loaded if name.partition(".")[0] not in sys.stdlib_module_names])
"""


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A store with some sittings of three people over a year, and a baseline; read only."""
    url = f"sqlite:///{tmp_path_factory.mktemp('year') / 'year.db'}"
    store: Store = open_store(url)
    write_year(store, num_sittings=12)
    with store.writing() as connection:
        record = subject_record(connection, "anna")
        chosen, versions = Sittings(condition="calm"), record.model_versions
        add_baseline(
            connection,
            "anna",
            lambda number: baseline_of(record.bins, chosen, number=number, definition="calm", model_versions=versions),
            actor="test",
        )
    store.close()
    return url


@pytest.fixture
def client(year: str, tmp_path: Path):
    with TestClient(make_app(ApiSettings(db_url=year, uploads=tmp_path)), base_url="http://localhost") as client:
        yield client


def points(client: TestClient, query: str) -> list[dict]:
    answer = client.get(f"/v1/subjects/anna/timeline?zone=Europe/Berlin&{query}")
    assert answer.status_code == 200, answer.text
    return answer.json()["points"]


def test_a_year_is_looked_into_down_to_a_tenth_of_a_second(client: TestClient):
    year = points(client, f"bin=1d&{YEAR}")
    assert len(year) == 365
    [day] = [point for point in year if point["start"].startswith("2026-03-29")]
    hours = points(client, "bin=1h&from=2026-03-29&until=2026-03-30")
    assert len(hours) == 23
    minutes = points(client, "bin=1m&from=2026-03-29T00:00:00Z&until=2026-03-29T02:00:00Z")
    seconds = points(client, "bin=1s&from=2026-03-29T00:59:00Z&until=2026-03-29T01:04:00Z")
    tenths = points(client, "bin=0.1s&from=2026-03-29T00:59:00Z&until=2026-03-29T01:04:00Z")
    assert [len(minutes), len(seconds), len(tenths)] == [120, 300, 3000]
    for finer in (hours, minutes, seconds, tenths):
        assert sum(point["num_frames"] for point in finer) == day["num_frames"] > 0
        assert sum(point["num_readings"] for point in finer) == day["num_readings"]
    assert {point["status"] for point in seconds} == {"gap", "insufficient"}


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("from=2026-02-01&until=2026-02-01", "INPUT_REFUSED"),
        ("from=2026-02-02&until=2026-02-01", "INPUT_REFUSED"),
        ("from=2026-02-01T00:00:00&until=2026-02-02", "INPUT_REFUSED"),
        ("from=yesterday", "INPUT_REFUSED"),
        ("from=0001-01-01", "INPUT_REFUSED"),
        ("until=9999-12-31", "INPUT_REFUSED"),
        ("from=" + "9" * 41, "INVALID_REQUEST"),
        ("bin=1s&from=2016-01-01&until=2026-01-01", "TOO_MANY_POINTS"),
        ("bin=1s", "TOO_MANY_POINTS"),
        ("bin=1d&from=1900-01-01&until=2199-01-01", "TOO_MANY_POINTS"),
        ("bin=0.1s&from=2026-03-29&until=2026-03-30", "TOO_MANY_POINTS"),
        ("from=2026-01-01' OR 1=1--", "INPUT_REFUSED"),
        ("condition=' OR 1=1--", "INPUT_REFUSED"),
        ("zone=' OR 1=1", "INVALID_REQUEST"),
    ],
)
def test_a_range_that_cannot_be_answered_is_refused_by_name(client: TestClient, query: str, code: str):
    answer = client.get(f"/v1/subjects/anna/timeline?{query}")
    assert (answer.status_code, answer.json()["code"]) == (422, code)


def test_ten_years_by_the_month_are_answered(client: TestClient):
    assert len(points(client, "bin=1mo&from=2016-01-01&until=2026-01-01")) == 120


@pytest.mark.parametrize(
    "question",
    [
        {"bin": "1w", "zone": "Europe/Berlin"},
        {"bin": "1d", "zone": "Europe/Berlin", "condition": "calm", "baseline": "newest"},
        {"bin": "1m", "from": "2026-03-29", "until": "2026-03-30", "zone": "Europe/Berlin"},
    ],
)
@pytest.mark.parametrize("form", ["csv", "jsonl", "parquet"])
def test_a_file_is_the_commands_byte_for_byte(
    client: TestClient, year: str, moodline: Run, tmp_path: Path, question: dict, form: str
):
    answer = client.get(f"/v1/subjects/anna/timeline.{form}", params=question)
    assert answer.status_code == 200, answer.text
    out = tmp_path / f"subject.timeline.{form}"
    options = [word for name, value in question.items() for word in (f"--{name}", value)]
    done = moodline("subject", "timeline", "anna", "--format", form, "--out", out, "--db", year, *options)
    assert done.returncode == 0, done.stderr
    assert answer.content == out.read_bytes()
    assert answer.headers["content-disposition"] == f'attachment; filename="subject.timeline.{form}"'
    found = client.get("/v1/subjects/anna/timeline.manifest.json", params=question | {"form": form}).json()
    theirs = json.loads(out.with_name(out.name + ".manifest.json").read_text())
    assert found["file"]["sha256"] == sha256(answer.content).hexdigest()
    own = {"command", "written_at"}
    assert {name: found[name] for name in found.keys() - own} == {name: theirs[name] for name in theirs.keys() - own}


def test_sittings_are_told_with_what_they_are_of(client: TestClient):
    document = client.get("/v1/subjects/anna/sessions?zone=Europe/Berlin&limit=5").json()
    first = document["sessions"][0]
    assert len(document["sessions"]) == 5
    assert (first["condition"], first["state"], len(first["media"])) in (("calm", "done", 2), ("stress", "done", 2))
    assert first["started_at"] < first["ended_at"]
    assert 0 < first["coverage"] <= 1
    assert first["estimates"]["valence"]["low"] is None
    rest, cursor = [], document["next_cursor"]
    while cursor is not None:
        page = client.get(f"/v1/subjects/anna/sessions?limit=5&cursor={cursor}").json()
        rest += page["sessions"]
        cursor = page["next_cursor"]
    assert len({each["session"] for each in [*document["sessions"], *rest]}) == 12


def test_changes_are_what_the_command_tells(client: TestClient, year: str, moodline: Run):
    query = "shuffles=400&measure=valence&measure=happy&zone=Europe/Berlin&baseline=newest"
    found = client.get(f"/v1/subjects/anna/changes?{query}").json()
    done = moodline(
        *("subject", "changes", "anna", "--shuffles", "400", "--measure", "valence", "--measure", "happy"),
        *("--zone", "Europe/Berlin", "--baseline", "newest", "--json", "--db", year),
    )
    assert found == json.loads(done.stdout)
    assert found["false_alarm_n"] == 400
    assert "no diagnosis" in found["wording"]


@pytest.mark.parametrize(
    "query", ["measure=grief", "shuffles=10", "shuffles=100000", "alpha=0", "alpha=nan", "together=9"]
)
def test_a_search_that_cannot_be_is_refused(client: TestClient, query: str):
    assert client.get(f"/v1/subjects/anna/changes?{query}").status_code == 422


def test_baselines_are_listed(client: TestClient):
    [found] = client.get("/v1/subjects/anna/baselines").json()["baselines"]
    assert (found["number"], found["definition"]) == (1, "calm")
    assert client.get("/v1/subjects/ben/baselines").json()["baselines"] == []


@pytest.mark.parametrize(
    "path", ["timeline", "timeline.csv", "timeline.manifest.json", "sessions", "changes", "baselines"]
)
def test_every_look_is_logged_by_key_only(served: Served, path: str):
    def log():
        with served.app.state.parts.store.reading() as connection:
            return list(audit.entries(connection))

    before = log()
    assert served.get(f"/v1/subjects/anna/{path}").status_code == 200
    [entry] = log()[len(before) :]
    assert (entry.action, entry.actor) == ("timeline viewed", "api:local")
    assert "anna" not in str(entry)
    assert served.get(f"/v1/subjects/anna/{path}", "bob").status_code == 404
    assert len(log()) == len(before) + 1


def test_nobody_waits_for_a_package_that_a_first_question_needs(year: str, tmp_path: Path):
    looks = ("sessions", f"timeline?bin=1d&{YEAR}", "changes?shuffles=999", "baselines")
    paths = [f"/v1/subjects/anna/{look}" for look in looks]
    done = subprocess.run(
        [sys.executable, "-c", FIRST_QUESTIONS, year, str(tmp_path), *paths], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
