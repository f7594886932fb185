"""Some viewers and an upload at a real server: nobody is refused, and pages come while a video is analysed."""

from pathlib import Path

from benchmarks.api_load import put_under_load


def test_viewers_are_answered_while_an_upload_is_analysed(tmp_path: Path):
    load = put_under_load(tmp_path, num_viewers=12, num_uploads=1, seconds=8, media_seconds=(240, 120))
    assert load.errors == []
    assert len(load.latencies_ms) > 40
    assert load.num_uploads >= 1
    assert load.p95_ms < 1000  # `python -m benchmarks.api_load` measures; here is only seen that nothing waits
    assert max(load.resident_mb) < load.resident_mb[0] + 300
