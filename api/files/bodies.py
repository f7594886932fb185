"""A request's body as it comes: in blocks, with patience for slow clients and none for silent ones."""

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Final

from starlette.requests import ClientDisconnect, Request

from api.problems import Problem

#: A client that sends nothing for so long has gone; one that only drips must not hold a place for hours.
_IDLE_SECONDS: Final = 60.0
_MIN_BYTES_PER_SECOND: Final = 16_000

#: Pieces are gathered to this size before they are written.
_BLOCK_BYTES: Final = 2**20


async def blocks_of(request: Request) -> AsyncIterator[bytes]:
    """Yield the body in blocks. Where the client falls silent or goes: what came so far, then raises Problem."""
    held, num_bytes, began_at = bytearray(), 0, time.monotonic()
    stream = aiter(request.stream())
    broken: Exception | None = None
    while broken is None:
        try:
            piece = await asyncio.wait_for(anext(stream, None), _IDLE_SECONDS)
            num_bytes += len(piece or b"")
            if time.monotonic() - began_at > _IDLE_SECONDS + num_bytes / _MIN_BYTES_PER_SECOND:
                raise TimeoutError
        except (TimeoutError, ClientDisconnect) as error:
            broken = error
            break
        if piece is None:
            break
        held += piece
        if len(held) >= _BLOCK_BYTES:
            yield bytes(held)
            held.clear()
    yield bytes(held)
    if broken is not None:
        raise Problem(408, "UPLOAD_BROKEN_OFF", "the body did not come whole: send the file again") from broken


def declared_bytes(request: Request) -> int | None:
    """Return how long the client says its body is; None: it does not say."""
    text = request.headers.get("content-length")
    return int(text[:20]) if text is not None and text.isdecimal() else None
