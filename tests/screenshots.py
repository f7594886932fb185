"""The README's pictures of the pages, taken anew with the demo's clip.

python -m tests.screenshots [FOLDER]     docs/pictures where nothing is said
"""

import sys
import tempfile
from pathlib import Path

from cli.videos.demo_clip import make_demo_clip
from tests.browsing import browser_with, visiting
from tests.integration.api.servers import Server


def main(folder: Path) -> None:
    """Upload the clip as a person would, and take a picture of each page on the way."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        clip = Path(scratch) / "demo.mp4"
        make_demo_clip(clip)
        server = Server(folder=Path(scratch)).start()
        try:
            with browser_with() as browser, visiting(browser, server, viewport={"width": 1200, "height": 760}) as visit:
                page = visit.open("/")
                page.set_input_files("#file", clip)
                page.wait_for_selector("#step:has-text('done:')")
                page.wait_for_timeout(500)
                page.screenshot(path=folder / "upload.png")
                page.click("#open")
                visit.wait_for_drawing("")
                page.wait_for_selector("#screen[data-faces='1']")
                box = page.locator("#chart").bounding_box()
                assert box is not None, "the chart is there"
                page.mouse.click(box["x"] + box["width"] * 0.3, box["y"] + 100)
                page.wait_for_timeout(1000)
                page.screenshot(path=folder / "timeline.png")
        finally:
            server.kill(15)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path("docs/pictures"))
