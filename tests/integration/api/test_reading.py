"""Timelines and frames: from when until when, while the job runs, and smoothed."""

import json

import pytest

from core.timeline import Timeline
from db.observations import stream_frames
from db.timelines.timelines import timeline
from fer_model.classification.smoothed_timeline import smooth_timeline
from fer_model.classification.smoothing import Smoothing
from tests.factories import make_face_observation, make_frame_observation, make_reading, make_request
from tests.integration.api.conftest import Served, second_by_second
from tests.stored_generations import submit_generation, work_off


def test_frames_of_a_stretch_are_half_open(served: Served):
    path = f"/v1/media/{served.media_id()}/frames"
    found = served.get(f"{path}?from=1&until=11&limit=2").json()
    assert [frame["pts_seconds"] for frame in found["frames"]] == [1, 2]
    more = served.get(f"{path}?from=1&until=11&limit=2000&cursor={found['next_cursor']}").json()
    assert [frame["pts_seconds"] for frame in more["frames"]] == [3, 4, 10]
    assert more["next_cursor"] is None
    assert served.get(f"{path}?from=5&until=5").json()["code"] == "RANGE_EMPTY"
    assert served.get(f"{path}?limit=2001").status_code == 422


@pytest.mark.parametrize("owner", ["local", "bob"])
def test_the_line_of_a_running_job_grows_and_says_so(served: Served, owner: str):
    store = served.app.state.parts.store
    job = submit_generation(store, make_request("growing", num_chunks=3, owner=owner))
    path = f"/v1/media/{job.media_id}"
    empty = served.get(f"{path}/timeline", owner).json()
    assert (empty["state"], empty["is_partial"], empty["points"]) == ("pending", True, [])
    work_off(store, job, second_by_second, at_most=1)
    for kind, num in (("timeline", "points"), ("frames", "frames")):
        document = served.get(f"{path}/{kind}", owner).json()
        assert (document["state"], document["is_partial"], document["analysed_until_seconds"]) == ("running", True, 10)
        assert document["not_yet"] == [{"from_seconds": 10.0, "until_seconds": 30.0}]
        assert len(document[num]) == 5
    work_off(store, job, second_by_second)
    done = served.get(f"{path}/timeline", owner).json()
    assert (done["state"], done["is_partial"], done["not_yet"]) == ("done", False, [])


def test_a_finished_job_is_read_on_while_another_of_the_same_media_runs(served: Served):
    store = served.app.state.parts.store
    done = work_off(store, submit_generation(store, make_request("twice", owner="bob")), second_by_second)
    submit_generation(store, make_request("twice", owner="bob"), force=True)
    document = served.get(f"/v1/media/{done.media_id}/timeline", "bob").json()
    assert (document["job_id"], document["is_partial"]) == (done.id, False)


def wavering(span):
    """Read ten faces a second that turn from happy to sad and back."""
    begin = span.start_us // 100_000
    return [
        make_frame_observation(
            number / 10,
            frame_index=number * 25 // 10,
            faces=[
                make_face_observation(
                    track=7, reading=make_reading("sad" if number % 7 < 3 else "happy", prob=0.5 + number % 5 / 10)
                )
            ],
        )
        for number in range(begin, begin + 100)
    ]


def test_a_smoothed_page_is_that_part_of_the_smoothed_timeline(served: Served):
    store = served.app.state.parts.store
    job = work_off(store, submit_generation(store, make_request("wavering", num_chunks=12)), wavering)
    path = f"/v1/media/{job.media_id}/timeline?bin=500ms"
    with store.reading() as connection:
        raw: Timeline = timeline(connection, job.id, bin_us=500_000)
        whole = smooth_timeline(raw, stream_frames(connection, job.id), Smoothing())
    page = served.get(f"{path}&from=100&until=103&smooth=0.4").json()
    assert page["smoothing"] == {"half_life_seconds": 0.4, "stay_seconds": 1.5, "max_gap_seconds": 1.0}
    plain = served.get(f"{path}&from=100&until=103").json()["points"]
    assert [{name: point[name] for name in plain[0]} for point in page["points"]] == plain
    for point, wanted in zip(page["points"], whole.points[200:206], strict=True):
        assert list(point["smoothed_probs"].values()) == pytest.approx(wanted.probs, abs=1e-6)
        assert point["smoothed_top"] == wanted.top
    assert any(point["smoothed_probs"] != point["probs"] for point in page["points"])


def test_a_smoothed_page_ends_where_it_would_be_too_much_and_goes_on_there(served: Served, monkeypatch):
    path = f"/v1/media/{served.media_id()}/timeline?smooth=1"
    whole = served.get(path).json()["points"]
    assert whole[7]["smoothed_probs"] is None  # a gap stays one
    monkeypatch.setattr("api.smoothing.MAX_NUM_FACES", 2)
    first = served.get(path).json()
    assert len(first["points"]) == 2
    second = served.get(f"{path}&cursor={first['next_cursor']}").json()
    assert second["points"][0] == whole[2]


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ("bin=whole&smooth=1", "BIN_TOO_WIDE"),
        ("bin=10m&smooth=1", "BIN_TOO_WIDE"),
        ("stay=1", "NOTHING_SMOOTHED"),
        ("smooth=0", "INVALID_REQUEST"),
        ("smooth=nan", "INVALID_REQUEST"),
    ],
)
def test_what_cannot_be_smoothed_is_refused_by_name(served: Served, asked, code):
    answer = served.get(f"/v1/media/{served.media_id()}/timeline?{asked}")
    assert (answer.status_code, json.loads(answer.text)["code"]) == (422, code)
