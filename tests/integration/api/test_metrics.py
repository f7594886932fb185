"""Prometheus is told of routes and statuses, and of the queue; never of anybody."""

from prometheus_client.parser import text_string_to_metric_families

from tests.integration.api.conftest import Served


def samples(served: Served, owner: str = "local") -> dict[tuple[str, ...], float]:
    answer = served.get("/v1/metrics", owner)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("text/plain; version=")
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def test_requests_are_counted_by_route_and_status(served: Served):
    served.get(f"/v1/media/{served.media_id()}")
    served.get(f"/v1/media/{served.media_id('bob')}")
    served.get("/v1/subjects/anna/timeline")
    served.get("/v1/nowhere/anna")
    served.client.get("/v1/jobs")
    found = samples(served)
    requests = {key[1:]: value for key, value in found.items() if key[0] == "moodline_api_requests_total"}
    assert requests["GET", "/v1/media/{media_id}", "200"] == 1
    assert requests["GET", "/v1/media/{media_id}", "404"] == 1
    assert requests["GET", "/v1/subjects/{subject_id}/timeline", "200"] == 1
    assert requests["GET", "none", "404"] == 1
    assert requests["GET", "none", "401"] == 1  # refused before a route was found
    assert found["moodline_api_answer_seconds_count", "GET", "/v1/media/{media_id}"] == 2


def test_bytes_that_came_in_are_counted(served: Served):
    served.post("/v1/media?name=x.mp4", content=b"x" * 5000)
    assert samples(served)["moodline_api_received_bytes_total",] == 5000


def test_the_queue_is_told_under_the_workers_names(served: Served):
    found = samples(served)
    assert found["moodline_store_up",] == 1
    assert found["moodline_jobs", "pending"] == 1
    assert found["moodline_chunks_waiting", "local"] == 1


def test_no_label_names_anybody_or_anything(served: Served):
    for path in ("media/{}", "jobs/{}"):
        served.get(f"/v1/{path.format(served.media_id())}")
    served.client.request("BREW", "/v1/subjects/anna", headers=served.headers())
    text = served.get("/v1/metrics").text
    traces = ("anna", "bob", "moods", served.media_id(), served.jobs["local"].id, "/videos", "BREW")
    assert not [trace for trace in traces if trace in text]


def test_whoever_may_read_may_scrape_and_nobody_else(served: Served):
    assert samples(served, "bob")
    assert served.get("/v1/metrics", "writer").status_code == 403
    assert served.client.get("/v1/metrics").status_code == 401
