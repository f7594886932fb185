"""An address says what kind of live video it is, and its name never holds a password."""

import pytest

from core.errors import InputError
from video.live.address import LiveKind, parse_live_address

SECRET = "hunter2"


@pytest.mark.parametrize(
    ("text", "kind", "name"),
    [
        (f"rtsp://admin:{SECRET}@10.0.0.7/stream?key={SECRET}", LiveKind.RTSP, "rtsp://10.0.0.7/stream"),
        (f"rtsp://admin:{SECRET}@cam.local:8554/a", LiveKind.RTSP, "rtsp://cam.local:8554/a"),
        (f"tcp://{SECRET}@127.0.0.1:9000", LiveKind.TCP, "tcp://127.0.0.1:9000"),
        ("/dev/video0", LiveKind.DEVICE, "/dev/video0"),
        ("recordings/a clip.mp4", LiveKind.FILE, "recordings/a clip.mp4"),
    ],
)
def test_an_address_tells_its_kind_and_a_name_without_secrets(text: str, kind: LiveKind, name: str) -> None:
    address = parse_live_address(text)
    assert (address.kind, address.name, address.location) == (kind, name, text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (f"http://a:{SECRET}@host/stream.m3u8", "http:// is no live video that is read here"),
        (f"file://{SECRET}", "file:// is no live video"),
        (f"RTSP://a:{SECRET}@host\n/x", "is no live video"),
        (f"rtsp://a:{SECRET}@host:port/x", "a rtsp address that cannot be read"),
        (f"rtsp://a:{SECRET}@[host/x", "a rtsp address that cannot be read"),
        (f"rtsp://a:{SECRET}@/x", "a rtsp address without a host"),
        (f"tcp://{SECRET}@host", "a tcp address without a host or a port"),
    ],
)
def test_what_is_no_live_video_is_one_line_without_secrets(text: str, words: str) -> None:
    with pytest.raises(InputError) as refusal:
        parse_live_address(text)
    assert words in str(refusal.value)
    assert SECRET not in str(refusal.value)
    assert refusal.value.__cause__ is None
    assert str(refusal.value).isprintable()
