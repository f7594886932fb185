"""A server with the demo's clip analysed, and pages of it in a browser."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from cli.videos.demo_clip import make_demo_clip
from tests.browsing import Visit, browser_with, visiting
from tests.integration.api.servers import Server


@pytest.fixture(scope="session")
def demo_clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Five seconds of a smiling face, two of nobody, five of a serious one."""
    path = tmp_path_factory.mktemp("demo") / "demo.mp4"
    make_demo_clip(path)
    return path


@pytest.fixture(scope="package")
def analysed(demo_clip: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, str]]:
    """A server and the id of the demo's clip, which is analysed."""
    server = Server(folder=tmp_path_factory.mktemp("served")).start()
    job = server.submit(demo_clip)
    server.wait(job["job_id"], lambda job: job["state"] == "done")
    yield server, job["media_id"]
    server.kill(15)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """A server with nothing in it."""
    started = Server(folder=tmp_path).start()
    yield started
    if started.process is not None and started.process.poll() is None:
        started.kill(15)


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with browser_with() as browser:
        yield browser


@pytest.fixture
def visit(browser: Browser, analysed: tuple[Server, str]) -> Iterator[Visit]:
    with visiting(browser, analysed[0]) as visit:
        yield visit


@pytest.fixture
def first_visit(browser: Browser, server: Server) -> Iterator[Visit]:
    """A page of a server with nothing in it."""
    with visiting(browser, server) as visit:
        yield visit


@pytest.fixture
def timeline(visit: Visit, analysed: tuple[Server, str]) -> Callable[[], Visit]:
    """Open the demo's timeline."""

    def open_timeline() -> Visit:
        visit.open(f"/timeline?media={analysed[1]}")
        visit.wait_for_drawing("")
        return visit

    return open_timeline
