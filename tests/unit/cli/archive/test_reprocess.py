"""`moodline reprocess`, as it is called: what it selects, says and refuses."""

import json

import pytest
import typer
from typer.testing import CliRunner, Result

from cli.archive.reprocess import reprocess
from core.errors import InputError
from db.jobs import list_jobs
from db.store import Store
from fer_model.checkpoints.card import find_card, read_card
from tests.stored_generations import request_for, store_generation

pytestmark = pytest.mark.thorough

SHIPPED = read_card(find_card("small")).version


@pytest.fixture
def archive(store: Store) -> Store:
    for name in ("march/a", "march/b", "april"):
        store_generation(store, request_for(name, model="old", num_chunks=3))
    return store


def call(archive: Store, *arguments: str) -> Result:
    app = typer.Typer()
    app.command()(reprocess)
    db = archive.engine.url.render_as_string(hide_password=False)
    return CliRunner().invoke(app, ["--model", "small", "--db", db, *arguments])


def num_jobs(archive: Store) -> int:
    with archive.reading() as connection:
        return len(list_jobs(connection))


def test_all_media_get_a_job_and_the_way_on_is_said(archive: Store):
    said = call(archive, "--all").stdout
    assert f"3 media, 9 chunks, 1.5 minutes of video will be analysed again with {SHIPPED}, at priority 1" in said
    assert f"readers keep what they read until `moodline activate --all --model {SHIPPED}`" in said
    assert num_jobs(archive) == 6
    assert "skipped: 3 under way already" in call(archive, "--all").stdout
    assert num_jobs(archive) == 6


def test_dry_run_makes_no_job(archive: Store):
    said = call(archive, "--all", "--dry-run").stdout
    assert "3 media, 9 chunks" in said
    assert "would be analysed again" in said
    assert num_jobs(archive) == 3


def test_document_has_every_reason_for_skipping(archive: Store):
    call(archive, "--filter", "path=*/march/a.mp4")
    document = json.loads(call(archive, "--filter", "path=*/march/*", "--json").stdout)
    assert document == {
        "model_version": SHIPPED,
        "dry_run": False,
        "priority": 1,
        "num_media": 1,
        "num_chunks": 3,
        "duration_seconds": 29.96,
        "num_skipped": {
            "camera": 0, "not_analysed": 0, "done": 0, "under_way": 1, "failed": 0,
            "not_allowed": 0, "cancelled": 0,
        },
    }  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "num_chosen"),
    [
        (["--filter", "model=old"], 3),
        (["--filter", "model=new"], 0),
        (["--filter", "model=old", "--filter", "path=*april*"], 1),
        (["--since", "2020-01-01T00:00:00Z"], 3),
        (["--since", "2999-01-01T00:00:00+01:00"], 0),
    ],
)
def test_filters_choose(archive: Store, arguments: list[str], num_chosen: int):
    assert call(archive, *arguments).exit_code == 0
    assert num_jobs(archive) == 3 + num_chosen


def test_nothing_chosen_is_said(archive: Store):
    assert "no media in the store is meant" in call(archive, "--filter", "path=nowhere").stdout


def test_parameters_can_be_changed(archive: Store):
    call(archive, "--filter", "path=*april*", "--rate", "5", "--min-face", "60", "--priority", "0")
    with archive.reading() as connection:
        newest = list_jobs(connection)[0]
    assert (newest.parameters.sample_rate_hz, newest.parameters.min_face_px, newest.priority) == (5, 60, 0)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "which media"),
        (["--all", "--filter", "path=*"], "--all means every media"),
        (["--all", "--since", "2020-01-01T00:00:00Z"], "--all means every media"),
        (["--filter", "size=1"], "--filter size=1: write it like"),
        (["--filter", "path"], "--filter path: write it like"),
        (["--filter", "path="], "--filter path=: write it like"),
        (["--filter", "path=a", "--filter", "path=b"], "path is filtered already, by 'a'"),
        (["--all", "--rate", "0"], "--rate, --min-face or --min-score: sample_rate_hz must be above 0"),
    ],
)
def test_a_call_that_says_nothing_clear_is_refused(store: Store, arguments: list[str], said: str):
    refused = call(store, *arguments).exception
    assert isinstance(refused, InputError)
    assert said in str(refused)
