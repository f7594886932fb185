"""A reader goes on through losses, stops where there is no video, and shows no address."""

import threading

import pytest

from core.errors import InputError
from producer.cameras.inbox import Arrival, CameraInbox, Capture, Loss, Over
from producer.cameras.reader import CameraReader
from producer.cameras.reconnecting import Backoff
from tests.camera_fakes import ScriptedCamera, make_fragment
from video.live.live_fragment import LiveFragment
from video.live.opening import LiveFault, SourceLost

LOST = SourceLost(LiveFault.STALLED, "rtsp://host/secret was lost: nothing came for 8 s")


def no_wait(_least: float, _ceiling: float) -> float:
    return 0.0


def read(scenes: list[list[LiveFragment | Exception]]) -> list[Arrival]:
    """Play scenes to the end; what stops the camera after the last is left out."""
    inbox, stop = CameraInbox(), threading.Event()
    camera = ScriptedCamera(scenes, stop)
    reader = CameraReader(
        camera.open,
        inbox,
        backoff=Backoff(no_wait),
        without_address=lambda message: message.replace("rtsp://host/secret", "the camera"),
    )
    reader.run(stop)
    arrivals = []
    while (arrival := inbox.take(timeout_seconds=0)) is not None:
        arrivals.append(arrival)
    return arrivals


def test_lost_camera_is_read_again_and_each_loss_is_told():
    arrivals = read([[make_fragment(0), make_fragment(1), LOST], [LOST], [make_fragment(0), LOST]])
    assert [type(arrival) for arrival in arrivals[:-1]] == [Capture, Capture, Loss, Loss, Capture, Loss]


def test_loss_says_its_kind_and_not_the_address():
    loss = read([[LOST]])[0]
    assert loss == Loss(reason="STALLED: the camera was lost: nothing came for 8 s")


def test_file_that_ends_is_over():
    assert read([[make_fragment(0)]])[-1] == Over(error=None)


def test_address_that_leads_to_no_video_is_an_error_without_the_address():
    (over,) = read([[InputError("rtsp://host/secret has no picture")]])
    assert isinstance(over, Over)
    assert isinstance(over.error, InputError)
    assert str(over.error) == "the camera has no picture"


def test_camera_that_shows_no_video_for_a_while_was_a_camera_before_and_is_tried_again():
    arrivals = read([[make_fragment(0), LOST], [InputError("has no picture")], [make_fragment(0), LOST]])
    assert [type(arrival) for arrival in arrivals[:-1]] == [Capture, Loss, Loss, Capture, Loss]


def test_what_nobody_foresaw_reaches_the_recorder():
    (over,) = read([[ZeroDivisionError("bug")]])
    assert isinstance(over, Over)
    with pytest.raises(ZeroDivisionError):
        raise over.error or AssertionError("no error")
