"""A library's words may be logged, a message's may not."""

import logging

import pytest

from worker.pool.log_redaction import hide_message_bodies

SECRET = "S3cret-body"


@pytest.fixture
def logged(monkeypatch):
    lines: list[str] = []

    class Keeping(logging.Handler):
        def emit(self, record):
            lines.append(self.format(record))

    monkeypatch.setattr(logging.getLogger(), "handlers", [Keeping()])
    hide_message_bodies()
    return lines


@pytest.mark.parametrize(
    "template",
    [
        "Received and deleted unknown message.\n\nThe full contents of the message body was: %s\n",
        "\nCan't decode message body: %r\n",
        "body: {0} " + SECRET,
    ],
)
def test_message_bodies_are_not_logged_but_that_something_came_is(logged, template):
    logging.getLogger("celery.worker.consumer.consumer").error(template, *([SECRET] if "%" in template else []))
    assert len(logged) == 1
    assert SECRET not in logged[0]
    assert "is not logged" in logged[0]


def test_words_of_an_exception_are_not_logged_but_its_kind_is(logged):
    try:
        raise ValueError(SECRET)
    except ValueError:
        logging.getLogger("celery.worker").critical("Unrecoverable error: %r", SECRET, exc_info=True)
    assert SECRET not in logged[0]
    assert "Unrecoverable error (ValueError" in logged[0]


def test_ids_that_a_sender_chose_are_not_logged_as_information(logged, caplog):
    caplog.set_level(logging.INFO)
    logging.getLogger("celery.worker.strategy").info("Task %s received", SECRET)
    assert logged == []


def test_our_own_records_pass_whole(logged):
    logging.getLogger("worker.pool.chunk_worker").error("chunk %d failed", 7)
    assert logged == ["chunk 7 failed"]
