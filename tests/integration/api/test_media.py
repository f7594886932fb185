"""Media, their timelines and frames: what the store holds, page by page, whole."""

import csv
import io
import json

from db.timelines.timelines import timeline
from tests.integration.api.conftest import Served


def pages(served: Served, path: str, key: str, owner: str = "local") -> list:
    """Follow the cursors to the end."""
    found, cursor = [], ""
    while cursor is not None:
        document = served.get(f"{path}{'&cursor=' + cursor if cursor else ''}", owner).json()
        found.append(document[key])
        cursor = document["next_cursor"]
    return found


def test_a_timeline_in_pages_is_the_whole_timeline(served: Served):
    path = f"/v1/media/{served.media_id()}/timeline?bin=1s"
    whole = served.get(path).json()
    assert whole["next_cursor"] is None
    assert "not what anybody feels" in whole["notice"]
    parts = pages(served, f"{path}&limit=4", "points")
    assert [len(part) for part in parts] == [4, 4, 4, 3]
    assert [point for part in parts for point in part] == whole["points"]
    with served.app.state.parts.store.reading() as connection:
        direct = timeline(connection, served.jobs["local"].id, bin_us=1_000_000)
    assert [point["num_frames"] for point in whole["points"]] == [point.num_frames for point in direct.points]


def test_gaps_are_points_also_where_a_page_begins_and_ends_with_them(served: Served):
    path = f"/v1/media/{served.media_id()}/timeline?bin=1s&from=6&until=9"
    points = served.get(path).json()["points"]
    assert [(point["start_seconds"], point["num_frames"], point["probs"]) for point in points] == [
        (6.0, 0, None),
        (7.0, 0, None),
        (8.0, 0, None),
    ]


def test_a_range_holds_the_bins_that_begin_in_it(served: Served):
    path = f"/v1/media/{served.media_id()}/timeline?bin=2s&from=1&until=5"
    assert [point["start_seconds"] for point in served.get(path).json()["points"]] == [2.0, 4.0]
    assert served.get(f"/v1/media/{served.media_id()}/timeline?from=4000&until=4001").json()["points"] == []


def test_a_whole_media_is_one_bin(served: Served):
    [point] = served.get(f"/v1/media/{served.media_id()}/timeline?bin=whole").json()["points"]
    assert point["num_frames"] == 10


def test_frames_in_pages_are_all_frames_in_order(served: Served):
    parts = pages(served, f"/v1/media/{served.media_id()}/frames?limit=3", "frames")
    assert [len(part) for part in parts] == [3, 3, 3, 1]
    found = [frame["pts_seconds"] for part in parts for frame in part]
    assert found == [0, 1, 2, 3, 4, 10, 11, 12, 13, 14]
    assert all(frame["faces"][0]["top"] == "happy" for part in parts for frame in part)


def test_lists_in_pages_are_whole(served: Served):
    assert [len(part) for part in pages(served, "/v1/media?limit=1", "media")] == [1, 1]
    jobs = [job["job_id"] for part in pages(served, "/v1/jobs?limit=1", "jobs") for job in part]
    assert jobs == [served.open_job.id, served.jobs["local"].id]


def test_a_name_that_would_be_a_script_is_a_string(served: Served):
    answer = served.get(f"/v1/media/{served.media_id()}")
    assert answer.headers["content-type"] == "application/json"
    assert json.loads(answer.text)["name"] == "<img src=x onerror=alert(1)>.mp4"
    assert "/videos/" not in answer.text


def test_a_media_without_an_upload_has_no_name_for_whoever_is_not_local(served: Served):
    assert served.get(f"/v1/media/{served.media_id('bob')}", "bob").json()["name"] is None


def test_exports_hold_every_bin(served: Served):
    path = f"/v1/media/{served.media_id()}/timeline"
    table = served.get(f"{path}.csv?bin=5s")
    assert table.headers["content-type"] == "text/csv; charset=utf-8"
    assert table.headers["content-disposition"] == f'attachment; filename="{served.media_id()}.timeline.csv"'
    rows = list(csv.DictReader(io.StringIO(table.text)))
    assert [row["num_frames"] for row in rows] == ["5", "0", "5"]
    lines = served.get(f"{path}.jsonl?bin=5s").text.splitlines()
    assert [json.loads(line)["top"] for line in lines] == ["happy", None, "happy"]
    parquet = served.get(f"{path}.parquet?bin=5s").content
    assert (parquet[:4], parquet[-4:]) == (b"PAR1", b"PAR1")
    assert served.get(f"{path}.exe").status_code == 422


def test_an_export_of_too_many_points_is_refused(served: Served, monkeypatch):
    monkeypatch.setattr("api.routes.exports.MAX_NUM_POINTS", 10)
    answer = served.get(f"/v1/media/{served.media_id()}/timeline.csv?bin=1s")
    assert (answer.status_code, answer.json()["code"]) == (422, "TOO_MANY_POINTS")
