"""Pictures that wait in Redis for a worker: a ticket names one, with what is asked and, for a moment, the answer.

Knows Redis and bytes; knows no network and no Celery. Nothing of a picture outlasts its ticket.
"""

import json
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

import redis

from worker.broker import KEY_PREFIX
from worker.pictures.reading import PictureReading

#: A picture that nobody took for so long is gone: whoever waited has given up.
TTL_SECONDS: Final = 30

#: A connection on which nothing comes for so long is dead: longer than anybody waits for an answer.
_SILENCE_SECONDS: Final = 90


@dataclass(frozen=True, kw_only=True)
class WaitingPicture:
    """A picture to be read."""

    content: bytes
    min_face_px: int
    model_version: str


@dataclass(frozen=True, kw_only=True)
class RefusedPicture:
    """A picture that could not be read."""

    message: str  # one line


class PictureTickets:
    """Puts pictures into Redis and takes their answers out, on both sides of the queue. Threads may share it."""

    def __init__(self, broker_url: str) -> None:
        self._redis = redis.Redis.from_url(broker_url, socket_timeout=_SILENCE_SECONDS, socket_connect_timeout=5)

    def put(self, picture: WaitingPicture) -> str:
        """Let a picture wait; return its ticket."""
        ticket = secrets.token_hex(16)
        fields: Mapping[Any, Any] = asdict(picture)
        pipe = self._redis.pipeline()
        pipe.hset(_key(ticket), mapping=fields)
        pipe.expire(_key(ticket), TTL_SECONDS)
        pipe.execute()
        return ticket

    def take(self, ticket: str) -> WaitingPicture | None:
        """Return the picture of a ticket; None: it waited too long, or is none of ours."""
        fields: Any = self._redis.hgetall(_key(ticket))
        try:
            return WaitingPicture(
                content=fields[b"content"],
                min_face_px=int(fields[b"min_face_px"]),
                model_version=fields[b"model_version"].decode(),
            )
        except (KeyError, ValueError):
            return None

    def answer(self, ticket: str, answer: PictureReading | RefusedPicture) -> None:
        """Give the answer to whoever waits for it, and forget the picture."""
        pipe = self._redis.pipeline()
        pipe.delete(_key(ticket))
        pipe.rpush(_answer_key(ticket), json.dumps(asdict(answer)))
        pipe.expire(_answer_key(ticket), TTL_SECONDS)
        pipe.execute()

    def wait(self, ticket: str, *, seconds: float) -> PictureReading | RefusedPicture | None:
        """Return the answer to a ticket; None: nobody gave one in time, and the picture is taken back."""
        found: Any = self._redis.blpop([_answer_key(ticket)], timeout=seconds)
        if found is None:
            self._redis.delete(_key(ticket))
            return None
        fields = json.loads(found[1])
        if "message" in fields:
            return RefusedPicture(**fields)
        return PictureReading(**fields | {"faces": tuple(fields["faces"])})

    def close(self) -> None:
        """Close the connections."""
        self._redis.close()


def _key(ticket: str) -> str:
    return f"{KEY_PREFIX}picture:{ticket}"


def _answer_key(ticket: str) -> str:
    return f"{KEY_PREFIX}picture:{ticket}:answer"
