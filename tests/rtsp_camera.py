"""A network camera for tests: serves one H.264 clip over RTSP, its packets inside the one TCP connection."""

import base64
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import BinaryIO

import av

_CLOCK_HZ = 90_000
_FIRST_TICK = 123_456  # cameras begin anywhere; FFmpeg takes 0 for no time
_MAX_PAYLOAD_BYTES = 1400
_FU_A = 28  # RFC 6184: a NAL unit in pieces
_DESCRIPTION = (
    "v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=camera\r\nc=IN IP4 0.0.0.0\r\nt=0 0\r\n"
    f"m=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/{_CLOCK_HZ}\r\na=fmtp:96 packetization-mode=1\r\n"
    "a=control:video\r\n"
)


@contextmanager
def rtsp_camera(clip: Path, *, credentials: str | None = None) -> Iterator[str]:
    """Serve a clip once, as fast as it is taken; gives the address. With credentials, who lacks them is refused."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(10)
        thread = threading.Thread(target=_serve, args=(server, clip, credentials))
        thread.start()
        yield f"127.0.0.1:{server.getsockname()[1]}/camera"
        thread.join(10)


def _serve(server: socket.socket, clip: Path, credentials: str | None) -> None:
    connection, _ = server.accept()
    expected = None if credentials is None else "Basic " + base64.b64encode(credentials.encode()).decode()
    with connection, connection.makefile("rb") as requests:
        while (line := requests.readline().decode()).strip():
            method = line.split()[0]
            headers = dict(_read_headers(requests))
            is_let_in = headers.get("authorization") == expected
            connection.sendall(_answer_to(method if is_let_in else "REFUSED", sequence=headers["cseq"]))
            if method == "PLAY":
                for message in _play(clip):
                    connection.sendall(message)
                return


def _answer_to(method: str, *, sequence: str) -> bytes:
    status, headers, body = "200 OK", ["Session: 1"], ""
    if method == "REFUSED":
        status, headers = "401 Unauthorized", ['WWW-Authenticate: Basic realm="x"']
    elif method == "OPTIONS":
        headers = ["Public: DESCRIBE, SETUP, PLAY"]
    elif method == "DESCRIBE":
        body = _DESCRIPTION
        headers = ["Content-Type: application/sdp", f"Content-Length: {len(body)}"]
    elif method == "SETUP":
        headers.append("Transport: RTP/AVP/TCP;unicast;interleaved=0-1")
    lines = [f"RTSP/1.0 {status}", f"CSeq: {sequence}", *headers, ""]
    return ("\r\n".join([*lines, ""]) + body).encode()


def _read_headers(requests: BinaryIO) -> Iterator[tuple[str, str]]:
    while (line := requests.readline().decode().strip()) != "":
        name, _, value = line.partition(":")
        yield name.lower(), value.strip()


def _play(clip: Path) -> Iterator[bytes]:
    """Yield RTP packets as RFC 2326 interleaves them: '$', channel, length, packet."""
    numbers = count()
    with av.open(str(clip)) as container:
        for packet in container.demux(video=0):
            if not packet.size:
                continue
            ticks = _FIRST_TICK + round(packet.pts * packet.time_base * _CLOCK_HZ) & 0xFFFFFFFF
            units = [unit for unit in bytes(packet).replace(b"\0\0\0\1", b"\0\0\1").split(b"\0\0\1") if unit]
            payloads = [payload for unit in units for payload in _in_pieces(unit)]
            for index, payload in enumerate(payloads):
                marker = 0x80 if index == len(payloads) - 1 else 0
                header = struct.pack(">BBHII", 0x80, marker | 96, next(numbers) & 0xFFFF, ticks, 1)
                yield b"$\0" + struct.pack(">H", len(header) + len(payload)) + header + payload


def _in_pieces(unit: bytes) -> list[bytes]:
    if len(unit) <= _MAX_PAYLOAD_BYTES:
        return [unit]
    starts = range(1, len(unit), _MAX_PAYLOAD_BYTES)
    indicator = unit[0] & 0xE0 | _FU_A
    return [
        bytes([indicator, unit[0] & 0x1F | 0x80 * (start == starts[0]) | 0x40 * (start == starts[-1])])
        + unit[start : start + _MAX_PAYLOAD_BYTES]
        for start in starts
    ]
