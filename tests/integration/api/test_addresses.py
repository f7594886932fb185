"""The API takes bytes and names, never an address: whatever one is put into, nobody is asked for anything."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.integration.api.conftest import Served

ADDRESSES = (
    "http://127.0.0.1:{port}/secret",
    "http://[::1]:{port}/secret",
    "http://2130706433:{port}/",
    "http://169.254.169.254/latest/meta-data/",
    "http://0xA9FEA9FE/",
    "file:///etc/passwd",
    "concat:/etc/passwd|/etc/hosts",
    "subfile,,start,0,end,99,,:/etc/passwd",
    "gopher://127.0.0.1:{port}/x",
    "rtsp://127.0.0.1:{port}/cam",
)
CONTAINERS = {
    "list.m3u8": "#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\n{address}\n#EXT-X-ENDLIST\n",
    "list.mp4": '#EXTM3U\n#EXT-X-KEY:METHOD=AES-128,URI="{address}"\n#EXTINF:10,\n{address}\n',
    "list.ffconcat": "ffconcat version 1.0\nfile '{address}'\n",
    "show.mpd": "<MPD><Period><BaseURL>{address}</BaseURL></Period></MPD>",
    "call.sdp": "v=0\nc=IN IP4 127.0.0.1\nm=video {port} RTP/AVP 96\n",
    "picture.svg": '<svg xmlns="http://www.w3.org/2000/svg"><image href="{address}"/></svg>',
}


@pytest.fixture
def canary() -> Iterator[tuple[int, list[str]]]:
    """A server that nobody should ask: its port, and what it was asked."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_message: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.server_address[1], asked
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize("name", CONTAINERS)
def test_a_file_that_names_an_address_is_refused_and_the_address_is_not_asked(served: Served, canary, name):
    port, asked = canary
    for address in ADDRESSES:
        content = CONTAINERS[name].replace("{address}", address).replace("{port}", str(port))
        for path in ("/v1/media", "/v1/pictures"):
            answer = served.post(path, params={"name": name} if path == "/v1/media" else {}, content=content)
            assert answer.status_code == 422, (path, address)
    assert asked == []


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_address_in_the_place_of_an_id_or_a_name_is_refused(served: Served, canary, address):
    port, asked = canary
    url = address.replace("{port}", str(port))
    requests = [
        served.post("/v1/jobs", json={"media_id": url}),
        served.post("/v1/jobs", json={"media_id": served.media_id(), "model": url}),
        served.post("/v1/reprocess", json={"model": url, "all": True}),
        served.get(f"/v1/media/{url}/content"),
        served.get(f"/v1/models/{url}/card"),
        served.post("/v1/media", params={"name": url}, content=b"no video"),
    ]
    assert {answer.status_code for answer in requests} <= {404, 422}
    assert asked == []
