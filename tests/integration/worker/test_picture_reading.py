"""Pictures are read in a process of their own, which may die."""

import os
import signal
import threading

import cv2
import numpy as np
import pytest

from core.errors import InputError
from fer_model.checkpoints.card import find_card, read_card
from video.limits import MediaLimits
from worker.pictures import reading as picture_reading
from worker.pictures.reading import PictureDesk, PicturesBusy


@pytest.fixture(scope="module")
def desk():
    desk = PictureDesk(find_card("small"), device="cpu", limits=MediaLimits(max_pixels=4_000_000))
    yield desk
    desk.stop()


def test_a_face_is_found_with_the_pictures_size_and_the_models_name(desk, picture):
    found = desk.read(picture, min_face_px=60)
    assert found.faces[0]["top"] == "happy"
    assert (found.height_px, found.width_px) == (240, 320)
    assert found.model_version == read_card(find_card("small")).version


@pytest.mark.parametrize("content", [b"", b"no picture", b"\xff\xd8\xff\xe0 cut off", b"#EXTM3U\nfile:///etc/passwd"])
def test_what_is_no_picture_is_refused(desk, content):
    with pytest.raises(InputError, match="no known format"):
        desk.read(content, min_face_px=60)


def test_a_picture_of_too_many_pixels_is_refused(desk):
    bomb = cv2.imencode(".png", np.zeros((3000, 3000), np.uint8))[1].tobytes()
    assert len(bomb) < 100_000
    with pytest.raises(InputError, match="at most 4000000"):
        desk.read(bomb, min_face_px=60)


def test_a_death_costs_one_picture(desk, picture):
    desk.read(picture, min_face_px=60)
    os.kill(desk._process.pid, signal.SIGKILL)
    with pytest.raises(InputError, match="could not be decoded"):
        desk.read(picture, min_face_px=60)
    assert desk.read(picture, min_face_px=60).faces


def test_only_so_many_wait(desk, picture):
    desk.read(picture, min_face_px=60)
    os.kill(desk._process.pid, signal.SIGSTOP)
    waiting = [
        threading.Thread(target=desk.read, args=(picture,), kwargs={"min_face_px": 60})
        for _ in range(picture_reading.MAX_WAITING)
    ]
    try:
        for thread in waiting:
            thread.start()
        for _ in range(200):
            if desk._places._value == 0:
                break
            waiting[0].join(0.05)
        with pytest.raises(PicturesBusy):
            desk.read(picture, min_face_px=60)
    finally:
        os.kill(desk._process.pid, signal.SIGCONT)
        for thread in waiting:
            thread.join()
