"""A watch from the first picture to the last, with a camera that plays a script."""

import threading
from collections.abc import Generator
from datetime import timedelta
from itertools import pairwise

import pytest

from core.errors import InputError
from db.live.cameras import camera_summary, list_gaps, open_stretches
from db.store import Store
from producer.cameras.camera import Watch, check_camera_name, without_address
from producer.cameras.events import CameraEvent, EventKind
from producer.cameras.reconnecting import Backoff
from producer.cameras.recorder import CameraRecorder
from tests.camera_fakes import CAMERA, FRAMES_PER_FRAGMENT, NOON, ScriptedCamera, Told, make_fragment, make_order
from tests.fragment_stores import MemoryFragmentStore
from video.live.address import parse_live_address
from video.live.live_fragment import LiveFragment
from video.live.opening import LiveFault, SourceLost

LOST = SourceLost(LiveFault.ENDED, "it was lost")


def watch(store: Store, scenes: list[list[LiveFragment | Exception]]) -> Told:
    told, stop = Told(), threading.Event()
    fragments = MemoryFragmentStore(max_fragment_bytes=1_000_000, now=lambda: 0.0)
    recorder = CameraRecorder(store, fragments, make_order(), on_event=told.tell, stop=stop)
    camera = ScriptedCamera(scenes, stop)
    watching = Watch(camera.open, recorder, without_address=str, backoff=Backoff(lambda _least, _most: 0.0))
    watching.run(stop)
    return told


def test_three_losses_are_three_gaps_and_every_picture_is_in_a_chunk(store: Store):
    starts = [NOON + timedelta(seconds=20 * number) for number in range(4)]
    scenes: list[list[LiveFragment | Exception]] = [
        [make_fragment(0, at=at), make_fragment(1, at=at), LOST] for at in starts[:3]
    ]
    watch(store, [*scenes, [make_fragment(0, at=starts[3])]])
    with store.reading() as connection:
        gaps = list_gaps(connection, CAMERA)
        summary = camera_summary(connection, CAMERA)
        assert open_stretches(connection, CAMERA) == []
    assert [(gap.from_at, gap.until_at) for gap in gaps] == [
        (before + timedelta(seconds=4), after) for before, after in pairwise(starts)
    ]
    assert (summary.num_stretches, summary.num_captured_frames) == (4, 7 * FRAMES_PER_FRAGMENT)


def test_file_that_ends_ends_the_watch(store: Store):
    told = watch(store, [[make_fragment(0)]])
    assert told.kinds == [EventKind.CONNECTED, EventKind.STOPPED]
    assert told.events[-1].num_frames == FRAMES_PER_FRAGMENT


def test_what_had_come_when_the_watch_was_stopped_is_written_still(store: Store):
    stop, has_all_come = threading.Event(), threading.Event()

    def camera() -> Generator[LiveFragment]:
        for index in range(3):
            yield make_fragment(index)
        has_all_come.set()
        raise LOST

    def stop_at_first(_event: CameraEvent) -> None:
        assert has_all_come.wait(10)
        stop.set()

    fragments = MemoryFragmentStore(max_fragment_bytes=1_000_000, now=lambda: 0.0)
    recorder = CameraRecorder(store, fragments, make_order(), on_event=stop_at_first, stop=stop)
    Watch(camera, recorder, without_address=str).run(stop)
    with store.reading() as connection:
        summary = camera_summary(connection, CAMERA)
    assert (summary.num_captured_frames, summary.is_open) == (3 * FRAMES_PER_FRAGMENT, False)


def test_address_that_leads_to_no_video_ends_the_watch_with_its_error(store: Store):
    with pytest.raises(InputError, match="no picture"):
        watch(store, [[InputError("it has no picture")]])


@pytest.mark.parametrize("name", ["", "rtsp://user:S3cret@host", "a/b", ".hidden", "x" * 65, "two\nlines"])
def test_name_that_is_none_is_refused_and_not_repeated(name: str):
    with pytest.raises(InputError) as refusal:
        check_camera_name(name)
    assert "S3cret" not in str(refusal.value)


def test_name_may_hold_letters_of_any_language_and_blanks():
    check_camera_name("Haustür 2")


def test_address_is_taken_out_of_messages_with_what_its_path_may_hold():
    address = parse_live_address("rtsp://u:S3cret@host:554/user=admin_password=S3cret_stream")
    message = f"{address.name} cannot be opened ({address.location})"
    assert without_address(message, address, "door") == "camera door cannot be opened (camera door)"
