"""`moodline generations` and `moodline activate`: what is listed, switched and refused."""

import json

import pytest
import typer
from typer.testing import CliRunner, Result

from cli.archive.generations import activate, generations
from core.errors import InputError
from db.archive.generations import active_job_id
from db.records import JobRecord
from db.store import Store
from tests.factories import make_model_version
from tests.stored_generations import request_for, store_generation, submit_generation

OLD, NEW = (make_model_version(name, checkpoint=name).id for name in ("old", "new"))


@pytest.fixture
def pair(store: Store) -> tuple[JobRecord, JobRecord]:
    """The job that is read of a media, and the one that waits beside it."""
    old = store_generation(store, request_for(model="old"))
    return old, store_generation(store, request_for(model="new", activates=False))


def call(store: Store, *arguments: str) -> Result:
    app = typer.Typer()
    app.command()(generations)
    app.command()(activate)
    db = store.engine.url.render_as_string(hide_password=False)
    return CliRunner().invoke(app, [*arguments, "--db", db])


def read(store: Store, job: JobRecord) -> str | None:
    with store.reading() as connection:
        return active_job_id(connection, job.media_id)


def test_a_medias_generations_are_listed_with_the_one_that_is_read(store: Store, pair: tuple[JobRecord, JobRecord]):
    old, new = pair
    said = call(store, "generations", old.media_id).stdout
    assert said.index(new.id) < said.index(old.id)
    lines = {line.split()[0]: line.split() for line in said.splitlines()}
    assert lines[old.id][1:4] == ["yes", OLD, "done"]
    assert lines[new.id][1:3] == [NEW, "done"]
    assert "every frame, faces from 40 px, score 0.8" in said


def test_a_generations_document_names_job_model_and_parameters(store: Store, pair: tuple[JobRecord, JobRecord]):
    lines = call(store, "generations", pair[0].media_id, "--json").stdout.splitlines()
    new, old = (json.loads(line) for line in lines)
    assert (old["job_id"], old["is_active"], new["is_active"]) == (pair[0].id, True, False)
    assert (new["model_version"], new["num_frames"], new["parameters"]["min_face_px"]) == (NEW, 2, 40)


def test_models_are_listed_without_a_media(store: Store, pair: tuple[JobRecord, JobRecord]):
    assert pair
    said = [line.split() for line in call(store, "generations").stdout.splitlines()]
    assert said[1:] == [[NEW, "1", "0", "1", "0", "0", "2"], [OLD, "1", "1", "1", "0", "0", "2"]]
    documents = [json.loads(line) for line in call(store, "generations", "--json").stdout.splitlines()]
    assert [document["num_active"] for document in documents] == [0, 1]


def test_an_empty_store_says_how_to_fill_it(store: Store):
    assert "the store is empty" in call(store, "generations").stdout


def test_activate_names_the_way_back(store: Store, pair: tuple[JobRecord, JobRecord]):
    old, new = pair
    said = call(store, "activate", new.id[:10]).stdout
    assert f"readers see job {new.id}" in said
    assert f"`moodline activate {old.id}` goes back" in said
    assert read(store, old) == new.id
    assert "goes back" not in call(store, "activate", new.id).stdout


def test_a_model_is_activated_wherever_it_is_finished(store: Store, pair: tuple[JobRecord, JobRecord]):
    old, new = pair
    other = store_generation(store, request_for("other", model="old"))
    submit_generation(store, request_for("other", model="new", activates=False))
    planned = call(store, "activate", "--all", "--model", "new", "--dry-run").stdout
    assert f"{NEW}: readers of 1 media would see it" in planned
    assert f"1 so far read {OLD}" in planned
    assert "1 media keep what they show" in planned
    assert read(store, old) == old.id
    assert f"{NEW}: readers of 1 media see it" in call(store, "activate", "--all", "--model", "new").stdout
    assert (read(store, old), read(store, other)) == (new.id, other.id)
    assert "1 more media show it already" in call(store, "activate", "--all", "--model", "new").stdout


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["--all"],
        ["--model", "new"],
        ["JOB", "--all", "--model", "new"],
        ["JOB", "--dry-run"],
        ["JOB", "--model", "new"],
    ],
)
def test_a_call_that_is_neither_of_the_two_is_refused(store: Store, arguments: list[str]):
    refused = call(store, "activate", *arguments).exception
    assert isinstance(refused, InputError)
    assert "write `moodline activate JOB`" in str(refused)
