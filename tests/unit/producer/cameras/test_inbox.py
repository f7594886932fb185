"""An inbox keeps order and bounded bytes; what it drops stays counted."""

import threading

from producer.cameras.inbox import Arrival, CameraInbox, Capture, Loss
from tests.camera_fakes import FRAMES_PER_FRAGMENT, make_capture

KILOBYTE = bytes(1000)


def take_all(inbox: CameraInbox) -> list[Arrival]:
    taken = []
    while (arrival := inbox.take(timeout_seconds=0)) is not None:
        taken.append(arrival)
    return taken


def test_arrivals_come_out_as_they_went_in():
    inbox = CameraInbox()
    arrivals = [make_capture(0), Loss(reason="gone"), make_capture(0)]
    for arrival in arrivals:
        inbox.put(arrival)
    assert take_all(inbox) == arrivals


def test_nothing_comes_within_the_time_limit():
    assert CameraInbox().take(timeout_seconds=0) is None


def test_oldest_content_goes_and_its_span_and_count_stay():
    inbox = CameraInbox(max_bytes=2000)
    for index in range(5):
        inbox.put(make_capture(index, content=KILOBYTE))
        assert inbox.num_bytes <= 2000
    dropped, *kept = take_all(inbox)
    assert isinstance(dropped, Capture)
    assert dropped.content is None
    assert dropped.num_frames == 3 * FRAMES_PER_FRAGMENT
    assert (dropped.span.start_us, dropped.span.end_us) == (make_capture(0).span.start_us, make_capture(2).span.end_us)
    assert dropped.span.first_frame_index == 0
    assert kept == [make_capture(index, content=KILOBYTE) for index in (3, 4)]


def test_what_is_dropped_on_both_sides_of_a_loss_is_not_joined():
    inbox = CameraInbox(max_fragments=1)
    for arrival in (make_capture(0), Loss(reason="gone"), make_capture(0), make_capture(1), make_capture(2)):
        inbox.put(arrival)
    counts = [arrival.num_frames if isinstance(arrival, Capture) else None for arrival in take_all(inbox)]
    assert counts == [FRAMES_PER_FRAGMENT, None, 2 * FRAMES_PER_FRAGMENT, FRAMES_PER_FRAGMENT]


def test_newest_fragment_is_kept_however_long_it_is():
    inbox = CameraInbox(max_bytes=10)
    inbox.put(make_capture(0, content=KILOBYTE))
    assert inbox.num_bytes == 1000


def test_memory_stays_bounded_however_long_nobody_takes():
    inbox = CameraInbox(max_bytes=2000)
    for index in range(3000):
        inbox.put(make_capture(index, content=KILOBYTE))
    assert inbox.num_bytes <= 2000
    assert len(take_all(inbox)) == 3


def test_taker_is_woken_by_an_arrival():
    inbox = CameraInbox()
    taken: list[Arrival | None] = []
    taker = threading.Thread(target=lambda: taken.append(inbox.take(timeout_seconds=20)))
    taker.start()
    inbox.put(Loss(reason="gone"))
    taker.join(10)
    assert taken == [Loss(reason="gone")]
