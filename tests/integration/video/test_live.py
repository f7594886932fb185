"""A live video over TCP comes in fragments that decode, and its loss has a name, soon."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from core.errors import InputError
from core.media import MediaInfo
from tests.clips import Recipe, read_number, write_clip, write_sound
from tests.factories import make_media_info
from tests.rtsp_camera import rtsp_camera
from video.decoding.decode import SpanDecoder
from video.limits import MediaLimits
from video.live.address import parse_live_address
from video.live.live import read_live
from video.live.live_fragment import LiveFragment
from video.live.opening import LiveFault, LiveTiming, SourceLost

LIMITS = MediaLimits()
TIMING = LiveTiming(open_timeout_seconds=2, read_timeout_seconds=1)
OPEN_GOPS = {"g": "25", "bf": "2", "x264-params": "open-gop=1:scenecut=0:b-adapt=0:log-level=none"}
LIVE = Recipe(num_frames=250, options=OPEN_GOPS)
SECRET = "hunter2"
Send = Callable[[socket.socket], None]


@dataclass(frozen=True, kw_only=True)
class Heard:
    """What came of a live video until it was lost."""

    fragments: list[LiveFragment]
    loss: SourceLost | None
    seconds: float


@contextmanager
def sender(send: Send) -> Iterator[str]:
    """Listen, do something to whoever connects, and close; gives the address."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(10)

        def serve() -> None:
            connection, _ = server.accept()
            with connection:
                send(connection)

        thread = threading.Thread(target=serve)
        thread.start()
        yield f"tcp://{SECRET}@127.0.0.1:{server.getsockname()[1]}"
        thread.join(10)


def listen(address: str, *, target_seconds: float = 2.0, limits: MediaLimits = LIMITS) -> Heard:
    fragments: list[LiveFragment] = []
    loss = None
    started = time.monotonic()
    try:
        for fragment in read_live(
            parse_live_address(address), target_seconds=target_seconds, timing=TIMING, limits=limits
        ):
            fragments.append(fragment)
    except SourceLost as err:
        loss = err
    return Heard(fragments=fragments, loss=loss, seconds=time.monotonic() - started)


def hear(send: Send, *, target_seconds: float = 2.0, limits: MediaLimits = LIMITS) -> Heard:
    with sender(send) as address:
        return listen(address, target_seconds=target_seconds, limits=limits)


def send_all(content: bytes) -> Send:
    return lambda connection: connection.sendall(content)


def numbers_of(fragments: list[LiveFragment]) -> list[int]:
    """Decode fragments as workers do, and read what their frames show; check indices and times on the way."""
    numbers = []
    for fragment in fragments:
        decoder = SpanDecoder(fragment.content, media_of(fragment), fragment.span, sample_rate_hz=None, limits=LIMITS)
        frames = list(decoder)
        assert decoder.faults == ()
        assert len(frames) == fragment.num_frames
        assert [f.frame_index for f in frames] == [fragment.span.first_frame_index + n for n in range(len(frames))]
        assert frames[0].pts_us == fragment.span.start_us
        numbers += [read_number(frame.image) for frame in frames]
    return numbers


def media_of(fragment: LiveFragment) -> MediaInfo:
    return replace(make_media_info(), start_us=fragment.span.start_us, end_us=fragment.span.end_us - 1)


@pytest.fixture(scope="module")
def stream(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return write_clip(tmp_path_factory.mktemp("live") / "live.ts", LIVE).read_bytes()


def test_every_frame_is_in_one_fragment_although_groups_of_pictures_are_open(stream: bytes) -> None:
    heard = hear(send_all(stream))
    assert numbers_of(heard.fragments) == list(range(250))
    assert [fragment.num_frames for fragment in heard.fragments] == [50] * 5
    assert heard.loss is not None
    assert heard.loss.fault == LiveFault.ENDED


def test_spans_run_on(stream: bytes) -> None:
    spans = [fragment.span for fragment in hear(send_all(stream), target_seconds=1).fragments]
    assert [span.chunk_index for span in spans] == list(range(10))
    assert [span.end_us for span in spans[:-1]] == [span.start_us for span in spans[1:]]
    assert [span.previous_pts_us for span in spans] == [None, *(span.start_us - 40_000 for span in spans[1:])]


def test_a_fragment_comes_while_the_source_lives(stream: bytes) -> None:
    arrived = threading.Event()

    def send_and_wait(connection: socket.socket) -> None:
        connection.sendall(stream[: len(stream) // 2])
        assert arrived.wait(10), "no fragment came while the sender was alive"

    with sender(send_and_wait) as address:
        fragments = read_live(
            parse_live_address(address), timing=replace(TIMING, read_timeout_seconds=20), limits=LIMITS
        )
        assert next(fragments).num_frames == 50
        arrived.set()
        fragments.close()


def test_a_sender_that_falls_silent_is_noticed_and_what_came_is_kept(stream: bytes) -> None:
    done = threading.Event()

    def send_half(connection: socket.socket) -> None:
        connection.sendall(stream[: len(stream) // 2])
        done.wait(10)

    with sender(send_half) as address:
        heard = listen(address)
        done.set()
    assert heard.loss is not None
    assert (heard.loss.fault, "nothing came for 1 s" in str(heard.loss)) == (LiveFault.STALLED, True)
    assert heard.seconds < 6
    numbers = numbers_of(heard.fragments)
    assert numbers[:-2] == list(range(len(numbers) - 2))  # what was to come between the last two is missing
    assert len(numbers) > 90


def test_sound_that_goes_on_does_not_hide_that_the_picture_stands_still(tmp_path: Path) -> None:
    def send_sound_only(connection: socket.socket) -> None:
        both = write_clip(tmp_path / "both.ts", replace(LIVE, num_frames=50, with_sound=True)).read_bytes()
        sound = b"".join(packet for packet in packets_of(both) if pid_of(packet) == 0x101)
        connection.sendall(both)
        deadline = time.monotonic() + 5
        while time.monotonic() < deadline:
            try:
                connection.sendall(sound)
            except OSError:  # the reader has had enough
                return
            time.sleep(0.1)

    heard = hear(send_sound_only)
    assert heard.loss is not None
    assert heard.loss.fault == LiveFault.STALLED
    assert heard.seconds < 4


def packets_of(content: bytes) -> list[bytes]:
    return [content[start : start + 188] for start in range(0, len(content), 188)]


def pid_of(packet: bytes) -> int:
    return int.from_bytes(packet[1:3], "big") & 0x1FFF


def test_a_sender_that_dies_in_the_middle_of_a_packet_loses_nothing_before_it(stream: bytes) -> None:
    def send_and_reset(connection: socket.socket) -> None:
        connection.sendall(stream[: len(stream) // 2 + 77])
        time.sleep(0.3)  # a reset throws away what the reader has not taken yet
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")

    heard = hear(send_and_reset)
    assert heard.loss is not None
    assert heard.loss.fault == LiveFault.ENDED
    numbers = [number for fragment in heard.fragments[:-1] for number in numbers_of([fragment])]
    assert numbers == list(range(100))


def test_joining_in_the_middle_begins_at_a_key_frame(stream: bytes) -> None:
    heard = hear(send_all(stream[: 188 * 2] + stream[188 * (len(stream) // 188 // 3) :]))
    numbers = numbers_of(heard.fragments)
    assert numbers == list(range(numbers[0], 250))
    assert numbers[0] > 50


def test_a_clock_that_jumps_begins_another_recording(stream: bytes, tmp_path: Path) -> None:
    times_ms = tuple(range(5_000_000, 5_000_000 + 50 * 40, 40))
    later = write_clip(tmp_path / "later.ts", replace(LIVE, num_frames=50, times_ms=times_ms)).read_bytes()
    heard = hear(send_all(stream + later))
    assert heard.loss is not None
    assert (heard.loss.fault, "its clock jumped by +4990" in str(heard.loss)) == (LiveFault.CLOCK_JUMPED, True)
    assert numbers_of(heard.fragments) == list(range(250))


def test_a_source_without_further_key_frames_ends_at_the_memory_limit(tmp_path: Path) -> None:
    endless = write_clip(tmp_path / "endless.ts", Recipe(num_frames=250, options={"g": "1000", "sc_threshold": "0"}))
    heard = hear(send_all(endless.read_bytes()), limits=MediaLimits(max_fragment_bytes=10_000))
    assert heard.loss is not None
    assert heard.loss.fault == LiveFault.UNUSABLE
    assert [5000 < len(fragment.content) <= 10_000 for fragment in heard.fragments] == [True]


def test_a_source_that_shows_no_key_frame_may_show_one_at_the_next_attempt(tmp_path: Path) -> None:
    recipe = Recipe(encoder="mpeg2video", num_frames=100, options={"g": "1000", "bf": "0"})
    packets = packets_of(write_clip(tmp_path / "endless.ts", recipe).read_bytes())
    picture_starts = [n for n, packet in enumerate(packets) if pid_of(packet) == 0x100 and packet[1] & 0x40]
    tables = [packet for packet in packets[: picture_starts[0]] if pid_of(packet) != 0x100]
    loss = hear(send_all(b"".join([*tables, *packets[picture_starts[1] :]]))).loss
    assert loss is not None
    assert (loss.fault, "no key frame came in time" in str(loss)) == (LiveFault.UNUSABLE, True)


def test_nobody_who_listens_and_silence_are_losses_without_secrets() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"tcp://user:{SECRET}@127.0.0.1:{silent.getsockname()[1]}"
        heard = [listen(address)]
    heard.append(listen(address))
    assert [found.loss.fault for found in heard if found.loss] == [LiveFault.UNREACHABLE] * 2
    messages = [str(found.loss) for found in heard]
    assert "no video within 2 s" in messages[0]
    assert "Connection refused" in messages[1]
    for found in heard:
        assert SECRET not in repr((found.loss, found.loss.__cause__, str(found.loss)))
        assert found.seconds < 6


@pytest.fixture(scope="module")
def camera_clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    recipe = Recipe(num_frames=100, width_px=320, height_px=240, options={"g": "25", "bf": "0", "sc_threshold": "0"})
    return write_clip(tmp_path_factory.mktemp("camera") / "camera.ts", recipe)


@pytest.mark.parametrize("credentials", [None, f"user:{SECRET}"])
def test_a_network_camera_is_read_over_rtsp(camera_clip: Path, credentials: str | None) -> None:
    prefix = "" if credentials is None else f"{credentials}@"
    with rtsp_camera(camera_clip, credentials=credentials) as where:
        heard = listen(f"rtsp://{prefix}{where}")
    assert numbers_of(heard.fragments) == list(range(1, 100))  # FFmpeg gives the first frame no time
    assert heard.loss is not None
    assert heard.loss.fault == LiveFault.ENDED


def test_a_network_camera_that_refuses_is_a_loss_without_secrets(camera_clip: Path) -> None:
    with rtsp_camera(camera_clip, credentials="user:another") as where:
        loss = listen(f"rtsp://user:{SECRET}@{where}").loss
    assert loss is not None
    assert (loss.fault, "401 Unauthorized" in str(loss)) == (LiveFault.UNREACHABLE, True)
    assert SECRET not in repr((loss, loss.__cause__, str(loss)))


def test_a_camera_that_is_not_there_is_a_loss() -> None:
    loss = listen("/dev/video_none").loss
    assert loss is not None
    assert (loss.fault, "/dev/video_none cannot be opened" in str(loss)) == (LiveFault.UNREACHABLE, True)


def test_a_stream_of_sound_is_no_video(tmp_path: Path) -> None:
    sound = write_sound(tmp_path / "sound.ts").read_bytes()
    with sender(send_all(sound)) as address, pytest.raises(InputError, match="has no picture") as refusal:
        listen(address)
    assert SECRET not in str(refusal.value)


def test_what_is_no_transport_stream_is_a_loss() -> None:
    loss = hear(send_all(b"HTTP/1.1 400 Bad Request\r\n\r\n")).loss
    assert loss is not None
    assert loss.fault in (LiveFault.UNREACHABLE, LiveFault.UNUSABLE)


def test_a_file_is_played_at_the_speed_at_which_it_was_made(tmp_path: Path) -> None:
    recipe = Recipe(num_frames=40, options={"g": "10", "sc_threshold": "0"}, rotation_degrees=90)
    clip = write_clip(tmp_path / "clip.mp4", recipe)
    started = time.monotonic()
    arrivals, fragments = [], []
    for fragment in read_live(parse_live_address(str(clip)), target_seconds=0.4, timing=TIMING, limits=LIMITS):
        arrivals.append(time.monotonic() - started)
        fragments.append(fragment)
    assert numbers_of(fragments) == list(range(40))
    assert [fragment.num_frames for fragment in fragments] == [10] * 4
    assert all(arrival >= 0.4 * (n + 1) - 0.05 for n, arrival in enumerate(arrivals))
