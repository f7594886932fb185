"""A camera for tests that can be killed: sends a transport stream over TCP at the speed at which it was filmed.

`python -m tests.live_sender CLIP PORT` is one for trying things out.
"""

import socket
import sys
import threading
import time
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

_PACKET_BYTES = 188
_VIDEO_PID = 0x100  # as FFmpeg numbers a transport stream's first track


class LiveSender:
    """Listens on a port of its own for as long as it lives; each connection gets the clip from its beginning.

    Start and kill it as often as you like: the port stays the same.
    """

    def __init__(self, clip: Path, *, fps: float, port: int = 0) -> None:
        self._pictures = list(_pictures_of(clip.read_bytes()))
        self._fps = fps
        self._port = port
        self._server: socket.socket | None = None
        self._connections: list[socket.socket] = []
        self._is_frozen = False
        self.first_sent_at: list[float] = []  # Unix seconds, of each connection's first picture
        self.last_sent_at: list[float] = []  # of its last picture until now

    @property
    def where(self) -> str:
        """HOST:PORT."""
        return f"127.0.0.1:{self._port}"

    def start(self) -> None:
        """Listen."""
        self._server = socket.create_server(("127.0.0.1", self._port))
        self._port = self._server.getsockname()[1]
        threading.Thread(target=self._serve, args=(self._server,), daemon=True).start()

    def kill(self) -> None:
        """Close everything at once."""
        assert self._server is not None, "it does not run"
        self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()
        for connection in self._connections:
            connection.close()
        self._connections.clear()

    def freeze(self) -> None:
        """Send nothing more and close nothing, until it is killed."""
        self._is_frozen = True

    def _serve(self, server: socket.socket) -> None:
        while True:
            try:
                connection, _ = server.accept()
            except OSError:  # killed
                return
            self._connections.append(connection)
            threading.Thread(target=self._send, args=(connection,), daemon=True).start()

    def _send(self, connection: socket.socket) -> None:
        began_at = time.time()
        index = len(self.first_sent_at)
        self.first_sent_at.append(began_at)
        self.last_sent_at.append(began_at)
        try:
            with connection:
                for number, picture in enumerate(self._pictures):
                    time.sleep(max(0.0, began_at + number / self._fps - time.time()))
                    if self._is_frozen:
                        threading.Event().wait()
                    connection.sendall(picture)
                    self.last_sent_at[index] = time.time()
        except OSError:  # killed, or nobody listens any more
            return


def _pictures_of(stream: bytes) -> Iterator[bytes]:
    """Cut a transport stream before each coded picture; tables go with the picture that follows them."""
    packets = [stream[start : start + _PACKET_BYTES] for start in range(0, len(stream), _PACKET_BYTES)]
    numbers, number = [], -1
    for packet in packets:
        is_video = int.from_bytes(packet[1:3], "big") & 0x1FFF == _VIDEO_PID
        number += bool(is_video and packet[1] & 0x40)
        numbers.append(max(0, number))
    for _, group in groupby(zip(numbers, packets, strict=True), key=lambda pair: pair[0]):
        yield b"".join(packet for _, packet in group)


if __name__ == "__main__":
    sender = LiveSender(Path(sys.argv[1]), fps=25, port=int(sys.argv[2]))
    sender.start()
    print(sender.where, flush=True)
    threading.Event().wait()
