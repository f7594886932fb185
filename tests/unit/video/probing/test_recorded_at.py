import av
import numpy as np
import pytest

from core.errors import InputError
from video.encode import write_clip
from video.limits import MediaLimits
from video.probing.probe import probe
from video.probing.recorded_at import parse_recorded_at, recorded_at_text


def test_apples_own_time_with_its_zone_comes_before_the_containers():
    tags = {
        "creation_time": "2026-03-01T08:00:00.000000Z",
        "com.apple.quicktime.creationdate": "2026-03-01T09:00:00+0100",
    }
    moment = parse_recorded_at(recorded_at_text(tags), name="a.mov")
    assert moment.isoformat() == "2026-03-01T09:00:00+01:00"
    del tags["com.apple.quicktime.creationdate"]
    assert parse_recorded_at(recorded_at_text(tags), name="a.mov").isoformat() == "2026-03-01T08:00:00+00:00"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, "does not say when"),
        ("yesterday", "'yesterday', which is no time"),
        ("2026-03-01T08:00:00", "not in which time zone"),
        ("1904-01-01T00:00:00Z", "recorded in 1904: a clock that was never set"),
    ],
)
def test_what_cannot_be_relied_on_is_refused_with_the_remedy(text: str | None, said: str):
    with pytest.raises(InputError, match=said) as refusal:
        parse_recorded_at(text, name="a.mov")
    assert str(refusal.value).startswith("a.mov: ")
    assert str(refusal.value).endswith("give the time with --started-at TIME")


def test_a_probe_finds_what_the_file_says(tmp_path):
    silent, saying = tmp_path / "silent.mp4", tmp_path / "saying.mp4"
    write_clip(silent, [np.zeros((48, 64, 3), np.uint8)] * 3, fps=5)
    with av.open(str(silent)) as source, av.open(str(saying), "w") as copy:
        copy.metadata["creation_time"] = "2026-03-01T08:00:00.000000Z"
        stream = copy.add_stream_from_template(source.streams.video[0])
        for packet in source.demux(video=0):
            if packet.dts is not None:
                packet.stream = stream
                copy.mux(packet)
    assert probe(silent, limits=MediaLimits()).recorded_at_text is None
    assert probe(saying, limits=MediaLimits()).recorded_at_text == "2026-03-01T08:00:00.000000Z"
