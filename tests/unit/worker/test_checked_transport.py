"""Only our own doorbells reach Celery, whoever writes to the queue."""

import base64
import copy
import json

import pytest

from db.records import ChunkReference
from worker.checked_transport import PICTURE_TASK_NAME, TASK_NAME, is_ours, parse_reference

JOB = "0123456789abcdef"


def test_reference_is_read_back():
    assert parse_reference(JOB, 7) == ChunkReference(job_id=JOB, chunk_index=7)


@pytest.mark.parametrize(
    ("job_id", "chunk_index"),
    [
        (None, None),
        (JOB, None),
        (JOB, "7"),
        (JOB, -1),
        (JOB, 2**40),
        (JOB, True),
        (JOB, 1.0),
        (JOB[:-1], 1),
        (JOB.upper(), 1),
        ("' OR 1=1 --12345", 1),
        ([JOB], 1),
        ({"a": 1}, 1),
    ],
)
def test_what_means_no_chunk_is_none(job_id, chunk_index):
    assert parse_reference(job_id, chunk_index) is None


def make_message(body: object = ([JOB, 7], {}, {"callbacks": None}), **headers: object) -> dict:
    """Return what Celery puts into Redis for a doorbell."""
    return {
        "body": base64.b64encode(json.dumps(body).encode()).decode(),
        "content-type": "application/json",
        "content-encoding": "utf-8",
        "headers": {"task": TASK_NAME, "id": "x", "eta": None, "expires": None, "retries": 0, "timelimit": [None, None]}
        | headers,
        "properties": {"body_encoding": "base64", "delivery_tag": "x", "delivery_info": {"routing_key": "archive"}},
    }


def test_doorbell_passes():
    assert is_ours(make_message())


@pytest.mark.parametrize(
    "message",
    [
        None,
        7,
        [1, 2, 3],
        "text",
        {},
        {"a": 1},
        make_message(task="os.system"),
        make_message(eta="2036-01-01T00:00:00"),
        make_message(timelimit=[0.001, None]),
        make_message(retries=5),
        make_message(id=None),
        make_message("not three parts"),
        make_message([[JOB], {}, {}]),
        make_message([[JOB, 7, 8], {}, {}]),
        make_message([[JOB, "7"], {}, {}]),
        make_message([[JOB, 7], {"x": 1}, {}]),
        make_message([[JOB, 7], {}, {"callbacks": [{"task": "os.system"}]}]),
        make_message([[JOB, 7], {}, None]),
        make_message() | {"body": "%%%"},
        make_message() | {"body": 7},
        make_message() | {"body": "A" * 10_000_000},
        make_message() | {"content-type": "application/x-python-serialize"},
        make_message() | {"headers": None},
        make_message() | {"properties": {}},
    ],
)
def test_anything_else_does_not(message):
    assert not is_ours(message)


@pytest.mark.parametrize("part", ["body", "content-type", "content-encoding", "headers", "properties"])
def test_message_without_a_part_does_not(part):
    message = copy.deepcopy(make_message())
    del message[part]
    assert not is_ours(message)


def make_ticket_message(*args: object) -> dict:
    return make_message((args, {}, {"callbacks": None}), task=PICTURE_TASK_NAME)


def test_the_ticket_of_a_picture_passes():
    assert is_ours(make_ticket_message("0123456789abcdef" * 2))


@pytest.mark.parametrize(
    "args", [(), (JOB,), (JOB, 7), (JOB * 2, 7), (JOB.upper() * 2,), (7,), ([JOB * 2],), ("../" * 10 + "ab",), (None,)]
)
def test_what_is_no_ticket_does_not(args):
    assert not is_ours(make_ticket_message(*args))


def test_a_ticket_rings_no_chunk():
    assert not is_ours(make_message(((JOB * 2,), {}, {"callbacks": None})))
