"""`moodline diff`: two generations of a media, or two models over an archive, on a screen and as documents."""

import json

import pytest
import typer
from typer.testing import CliRunner, Result

from cli.archive.diff import diff
from core.errors import InputError
from core.media import AnalysisParameters, ChunkSpan
from core.observations import FrameObservation
from db.store import Store
from tests.factories import make_frame_observation
from tests.stored_generations import request_for, store_generation, submit_generation, work_off

pytestmark = pytest.mark.thorough


def sad_face(span: ChunkSpan) -> list[FrameObservation]:
    return [make_frame_observation(pts_us=span.start_us, frame_index=span.first_frame_index, emotion="sad")]


@pytest.fixture
def archive(store: Store) -> Store:
    """Three media, happy by the old model; by the new one the first is sad, the second happy, the third not there."""
    for name in ("first", "second", "third"):
        store_generation(store, request_for(name, model="old"))
    store_generation(store, request_for("first", model="new", activates=False), sad_face)
    store_generation(store, request_for("second", model="new", activates=False))
    return store


def call(store: Store, *arguments: str) -> Result:
    app = typer.Typer()
    app.command()(diff)
    return CliRunner().invoke(app, [*arguments, "--db", store.engine.url.render_as_string(hide_password=False)])


def test_two_jobs_are_compared_on_a_screen(store: Store):
    old = store_generation(store, request_for(model="old"))
    new = store_generation(store, request_for(model="new", activates=False), sad_face)
    said = call(store, old.id[:12], new.id).stdout
    assert f"clip.mp4: from job {old.id} ({old.model_version_id})" in said
    assert "2  of these got another label (100.00%)" in said
    happy = next(line for line in said.splitlines() if line.startswith("happy"))
    assert happy.split() == ["happy", "0", "0", "0", "0", "2", "0", "0"]
    assert "parameters differ" not in said
    assert "not the whole" not in said


def test_what_is_compared_unlike_is_said(store: Store):
    old = store_generation(store, request_for(model="old"))
    parameters = AnalysisParameters(sample_rate_hz=5)
    new = submit_generation(store, request_for(model="new", activates=False, parameters=parameters))
    work_off(store, new, at_most=1)
    said = call(store, old.id, new.id).stdout
    assert "their parameters differ too" in said
    assert f"job {new.id} is running: this is not the whole of it" in said


def test_a_medias_document_has_every_figure(store: Store):
    old = store_generation(store, request_for(model="old"))
    new = store_generation(store, request_for(model="new", activates=False), sad_face)
    document = json.loads(call(store, old.id, new.id, "--json").stdout)
    assert document["labels"]["happy"]["sad"] == 2
    figures = {key: value for key, value in document.items() if key.startswith("num_") or key.startswith("share")}
    assert figures == {
        "num_frames_matched": 2, "num_frames_only_before": 0, "num_frames_only_after": 0,
        "num_faces_matched": 2, "num_faces_only_before": 0, "num_faces_only_after": 0,
        "num_named_in_both": 2, "num_labels_changed": 2, "share_of_labels_changed": 1.0,
        "num_abstained_in_both": 0, "num_newly_abstained": 0, "num_newly_named": 0,
    }  # fmt: skip
    assert document["mean_abs_prob_difference"] == pytest.approx(2 * 0.65 / 7)
    assert document["most_changed"][1] == {
        "media_id": old.media_id, "start_seconds": 10.0, "num_matched": 1, "num_changed": 1,
    }  # fmt: skip
    assert (document["before_job_id"], document["after_job_id"]) == (old.id, new.id)
    assert (document["path"], document["same_parameters"]) == ("/videos/clip.mp4", True)


def test_two_models_are_compared_over_the_archive(archive: Store):
    said = call(archive, "--model", "old", "--model", "new").stdout
    assert "2 media compared, 1 left out" in said
    assert "2  of these got another label (50.00%)" in said
    last = [line.split()[1:] for line in said.splitlines()[-2:]]  # the most changed media first
    assert last == [["first.mp4", "2", "2", "100.00%", "0", "0"], ["second.mp4", "2", "0", "0.00%", "0", "0"]]


def test_an_archives_documents_are_one_a_media_and_one_of_all(archive: Store):
    answer = call(archive, "--model", "old", "--model", "new", "--json").stdout
    *media, total = (json.loads(line) for line in answer.splitlines())
    assert [document["path"] for document in media] == ["/videos/first.mp4", "/videos/second.mp4"]
    assert [document["num_labels_changed"] for document in media] == [2, 0]
    assert "media_id" not in total
    assert (total["num_media"], total["num_media_without_after"], total["num_labels_changed"]) == (2, 1, 2)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "write `moodline diff BEFORE AFTER`"),
        (["a"], "write `moodline diff BEFORE AFTER`"),
        (["a", "b", "c"], "write `moodline diff BEFORE AFTER`"),
        (["a", "--model", "old"], "write `moodline diff BEFORE AFTER`"),
        (["--model", "old"], "write `moodline diff BEFORE AFTER`"),
        (["--model", "old", "--model", "old"], "name two models"),
        (["zz", "zz"], "has no job with an id"),
    ],
)
def test_a_call_that_is_neither_of_the_two_is_refused(store: Store, arguments: list[str], said: str):
    store_generation(store, request_for(model="old", num_chunks=1))
    refused = call(store, *arguments).exception
    assert isinstance(refused, InputError)
    assert said in str(refused)
