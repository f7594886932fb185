"""Celery's Redis transport, which lets nothing in but our own messages: a forged message reaches no line of Celery.

Without it one message that Celery cannot unpack ends the worker, goes back into the queue, and ends the next.
"""

import base64
import binascii
import json
import logging
from typing import Any, Final

from kombu.transport import redis

from db.identity import ID_LENGTH
from db.records import ChunkReference

log = logging.getLogger(__name__)

TASK_NAME: Final = "moodline.answer_doorbell"
PICTURE_TASK_NAME: Final = "moodline.read_picture"

_MAX_CHUNK_INDEX: Final = 2**31
_MAX_BODY_CHARS: Final = 1000
_TICKET_LENGTH: Final = 32
_HEX_DIGITS: Final = frozenset("0123456789abcdef")

#: Headers with which a message could put off, end or multiply its task.
_QUIET_HEADERS: Final = ("eta", "expires", "group", "stamps", "stamped_headers", "shadow")


class CheckedTransport(redis.Transport):
    """Named by its path in Celery's setting `broker_transport`."""

    def _deliver(self, message: Any, queue: str) -> None:
        if is_ours(message):
            super()._deliver(message, queue)  # type: ignore[no-untyped-call]
        else:  # it has left the queue already, and is not noted as taken: there is nothing to acknowledge
            log.warning("a message that is none of ours was dropped; who else can write to this Redis?")


def is_ours(message: Any) -> bool:
    """Whether a decoded message is a doorbell or a picture's ticket, in every part that Celery acts on."""
    try:
        headers, properties = message["headers"], message["properties"]
        args, kwargs, embedded = json.loads(base64.b64decode(message["body"][: _MAX_BODY_CHARS + 1], validate=True))
        return (
            _means_something(headers["task"], args)
            and all(not headers.get(name) for name in _QUIET_HEADERS)
            and headers["timelimit"] == [None, None]
            and headers["retries"] == 0
            and isinstance(headers["id"], str)
            and message["content-type"] == "application/json"
            and message["content-encoding"] == "utf-8"
            and properties["body_encoding"] == "base64"
            and isinstance(properties["delivery_tag"], str)
            and isinstance(properties["delivery_info"]["routing_key"], str)
            and kwargs == {}
            and not any(embedded.values())
        )
    except (AttributeError, KeyError, IndexError, TypeError, ValueError, binascii.Error, RecursionError):
        return False


def _means_something(task: Any, args: Any) -> bool:
    if task == TASK_NAME:
        return len(args) == 2 and parse_reference(args[0], args[1]) is not None
    return task == PICTURE_TASK_NAME and len(args) == 1 and is_ticket(args[0])


def is_ticket(value: Any) -> bool:
    """Whether a message's value can be the ticket of a picture."""
    return isinstance(value, str) and len(value) == _TICKET_LENGTH and _HEX_DIGITS.issuperset(value)


def parse_reference(job_id: Any, chunk_index: Any) -> ChunkReference | None:
    """Return the chunk that a message's two values mean; None where they cannot mean one."""
    if not isinstance(job_id, str) or not isinstance(chunk_index, int) or isinstance(chunk_index, bool):
        return None
    if not 0 <= chunk_index < _MAX_CHUNK_INDEX or len(job_id) != ID_LENGTH or not _HEX_DIGITS.issuperset(job_id):
        return None
    return ChunkReference(job_id=job_id, chunk_index=chunk_index)
