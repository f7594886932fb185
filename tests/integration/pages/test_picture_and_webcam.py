"""Single pictures and the camera: found, drawn, and not kept."""

import time
from pathlib import Path

import cv2
import pytest

from tests.browsing import Visit, browser_with, visiting, write_motion_jpeg
from tests.conftest import portrait
from tests.integration.api.servers import Server

LEAST_UPDATES_PER_SECOND = 8


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "portrait.jpg"
    cv2.imwrite(str(path), cv2.cvtColor(portrait(width_px=640), cv2.COLOR_RGB2BGR))
    return path


def test_the_faces_of_a_picture_have_bars(visit: Visit, picture: Path):
    visit.open("/picture")
    visit.page.set_input_files("#file", picture)
    visit.page.wait_for_selector("#faces h3:has-text('appears happy')")
    assert visit.page.locator("#faces .bars .number").count() == 7


def test_what_is_no_picture_is_refused_in_words(visit: Visit, tmp_path: Path):
    (tmp_path / "text.jpg").write_text("no picture")
    visit.open("/picture")
    visit.page.set_input_files("#file", tmp_path / "text.jpg")
    visit.page.wait_for_selector("#problem:has-text('known format')")


def test_the_camera_is_read_and_nothing_is_kept(analysed: tuple[Server, str], demo_clip: Path, tmp_path: Path):
    film = write_motion_jpeg(demo_clip, tmp_path / "camera.mjpeg", num_frames=120)
    camera = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")
    server = analysed[0]
    before = sorted(path for path in server.folder.rglob("*") if path.is_file())
    with (
        browser_with(*camera, f"--use-file-for-fake-video-capture={film}") as browser,
        visiting(browser, server) as visit,
    ):
        visit.open("/webcam")
        visit.page.click("#start")
        visit.page.wait_for_selector("#screen[data-faces='1']")
        assert "appears" in visit.page.text_content("#faces h3")
        assert updates_per_second(visit) >= LEAST_UPDATES_PER_SECOND
        visit.page.click("#start")
        assert visit.page.locator("#faces li").count() == 0
    assert sorted(path for path in server.folder.rglob("*") if path.is_file()) == before


def test_a_camera_that_is_refused_is_said_so(visit: Visit):
    visit.open("/webcam")
    visit.page.click("#start")
    visit.page.wait_for_selector("#problem:has-text('camera cannot be used')")


def updates_per_second(visit: Visit, seconds: float = 3.0) -> float:
    """The best of three stretches: a machine that does other things for a moment is not the page's fault."""
    best = 0.0
    for _ in range(3):
        count, began_at = int(visit.page.get_attribute("#screen", "data-updates")), time.monotonic()
        visit.page.wait_for_timeout(seconds * 1000)
        done = int(visit.page.get_attribute("#screen", "data-updates")) - count
        best = max(best, done / (time.monotonic() - began_at))
        if best >= LEAST_UPDATES_PER_SECOND:
            break
    return best
