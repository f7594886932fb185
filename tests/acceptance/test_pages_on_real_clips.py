"""The pages on real clips, in a real browser: the story of a timeline, and a camera that is read live."""

from pathlib import Path

import pytest

from tests.browsing import browser_with, visiting, write_motion_jpeg
from tests.conftest import REAL_CLIPS
from tests.integration.api.servers import Server
from tests.integration.pages.test_picture_and_webcam import LEAST_UPDATES_PER_SECOND, updates_per_second

pytestmark = pytest.mark.skipif(not REAL_CLIPS.exists(), reason="the real clips are not beside this checkout")

CAMERA = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")


def test_a_sad_face_that_laughs_is_uploaded_watched_and_read(tmp_path: Path):
    clip = REAL_CLIPS / "sad_then_happy.mp4"
    server = Server(folder=tmp_path).start()
    try:
        with browser_with() as browser, visiting(browser, server) as visit:
            page = visit.open("/")
            page.set_input_files("#file", clip)
            page.wait_for_selector("#chart[data-bins]:not([data-bins='0'])")
            partly = page.text_content("#step")
            page.wait_for_selector("#step:has-text('done: 472 frames')")
            assert "Analysing" in partly, "the line grows while the analysis runs"
            page.click("#open")
            visit.wait_for_drawing("")
            told = [line for line in page.locator("#stretches li").all_text_contents() if "appears" in line]
            assert "appears sad" in told[0]
            assert "appears happy" in told[-1]
            page.wait_for_selector("#screen[data-faces='1']")
            box = page.locator("#chart").bounding_box()
            page.mouse.click(box["x"] + box["width"] * 0.8, box["y"] + 100)
            sought = page.evaluate("document.getElementById('video').currentTime")
            assert 14 < sought < 17
            assert "appears happy" in page.text_content("#readout h3")
            with page.expect_download() as waiting:
                page.click("#csv")
            assert len(waiting.value.path().read_text().splitlines()) == 21
    finally:
        server.kill(15)


def test_a_talking_woman_before_the_camera_is_read_live(tmp_path: Path):
    film = write_motion_jpeg(REAL_CLIPS / "woman_talking.mp4", tmp_path / "camera.mjpeg", num_frames=300)
    server = Server(folder=tmp_path, options=("--no-runner",)).start()
    try:
        with (
            browser_with(*CAMERA, f"--use-file-for-fake-video-capture={film}") as browser,
            visiting(browser, server) as visit,
        ):
            visit.open("/webcam")
            visit.page.click("#start")
            visit.page.wait_for_selector("#screen[data-faces='1']")
            rate = updates_per_second(visit)
            assert rate >= LEAST_UPDATES_PER_SECOND, rate
            print(f"{rate:.1f} updates a second")
    finally:
        server.kill(15)
