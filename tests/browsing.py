"""A browser that looks at a real server's pages: a script's error and a request to anybody else fail the test."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Playwright, sync_playwright

from tests.chromium import find_chromium
from tests.integration.api.servers import Server

#: The containers that tests run in forbid what its sandbox needs, and have no GPU.
_ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--force-color-profile=srgb")

PATIENCE_MS = 60_000

_RUNNING: list[Playwright] = []


@dataclass(kw_only=True)
class Visit:
    """A page of a server, open in a browser."""

    page: Page
    server: Server
    errors: list[str] = field(default_factory=list)  # what scripts did not catch
    foreign: list[str] = field(default_factory=list)  # requests to anybody else

    def open(self, path: str) -> Page:
        self.page.goto(f"http://127.0.0.1:{self.server.port}{path}")
        return self.page

    def drawn(self) -> str:
        """Return the number of the chart's last drawing; a step is over when it is another."""
        return self.page.get_attribute("html", "data-drawn") or ""

    def wait_for_drawing(self, before: str) -> None:
        self.page.wait_for_selector(f'html[data-drawn]:not([data-drawn="{before}"])')


@contextmanager
def browser_with(*arguments: str) -> Iterator[Browser]:
    """Start a browser. Skips, with the reason, where there is none."""
    chromium, why_not = find_chromium()
    if chromium is None:
        pytest.skip(why_not)
    with _driver() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=[*_ARGUMENTS, *arguments])
        yield browser
        browser.close()


@contextmanager
def _driver() -> Iterator[Playwright]:
    """Give Playwright's driver: there may be one in a process, which several browsers share."""
    if _RUNNING:
        yield _RUNNING[0]
        return
    with sync_playwright() as playwright:
        _RUNNING.append(playwright)
        try:
            yield playwright
        finally:
            _RUNNING.clear()


@contextmanager
def visiting(browser: Browser, server: Server, **context: Any) -> Iterator[Visit]:
    """Open an empty page, as somebody who was never here; at the end nothing may have gone wrong in it."""
    page = browser.new_page(**{"viewport": {"width": 1280, "height": 900}} | context)
    page.set_default_timeout(PATIENCE_MS)
    visit = Visit(page=page, server=server)
    page.on("pageerror", lambda error: visit.errors.append(str(error)))
    page.on("request", lambda request: _note_foreign(visit, request.url))
    yield visit
    page.context.close()
    assert visit.errors == []
    assert visit.foreign == []


def _note_foreign(visit: Visit, url: str) -> None:
    if not re.match(rf"(http://127\.0\.0\.1:{visit.server.port}/|blob:|data:)", url):
        visit.foreign.append(url)


def write_motion_jpeg(clip: Path, out: Path, *, num_frames: int) -> Path:
    """Write a clip's first frames as Chromium's fake camera plays them, from the start again at the end."""
    import cv2

    film = cv2.VideoCapture(str(clip))
    with out.open("wb") as file:
        for _ in range(num_frames):
            is_read, picture = film.read()
            if not is_read:
                break
            file.write(cv2.imencode(".jpg", picture)[1].tobytes())
    film.release()
    return out
