"""The queue's settings, each of which something was lost without."""

import ssl

import pytest

from worker.broker import make_celery
from worker.checked_transport import CheckedTransport

PLAIN, ENCRYPTED = "redis://:pw@broker:6379/0", "rediss://:pw@broker:6380/0"


def test_every_message_is_looked_at_first():
    assert make_celery(PLAIN).connection_for_read().transport_cls == "worker.checked_transport:CheckedTransport"
    assert isinstance(make_celery(PLAIN).connection_for_read().transport, CheckedTransport)


def test_encrypted_broker_is_reached_encrypted_and_its_certificate_checked():
    assert make_celery(ENCRYPTED).connection_for_read().ssl == {"ssl_cert_reqs": ssl.CERT_REQUIRED}
    assert not make_celery(PLAIN).connection_for_read().ssl


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("accept_content", ["json"]),  # a pickled message would run its sender's code
        ("task_acks_late", True),  # a worker that dies gives its message back
        ("task_reject_on_worker_lost", True),
        ("task_ignore_result", True),
        ("worker_disable_prefetch", True),
        ("broker_connection_max_retries", None),
        ("task_time_limit", None),  # a hard one would acknowledge the message
    ],
)
def test_setting_is_as_measured(setting, value):
    assert make_celery(PLAIN).conf[setting] == value


def test_message_is_given_out_again_only_long_after_any_lease():
    assert make_celery(PLAIN).conf.broker_transport_options["visibility_timeout"] >= 600
