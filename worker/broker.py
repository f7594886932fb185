"""The Celery application: how doorbells travel. All settings of the queue in one place, none of the work.

Why each is so was measured (docs/decisions/0010): a message may be lost, doubled or forged, and no row depends on it.
"""

import ssl
from typing import Any, Final

from celery import Celery

from db.states import JobQueue

#: Before every key that Celery makes in Redis.
KEY_PREFIX: Final = "moodline:"

#: The queues of the pool; LOCAL jobs ring no doorbell.
POOL_QUEUES: Final = (JobQueue.LIVE, JobQueue.ARCHIVE)

#: Single pictures that somebody waits for; no ledger knows of them.
PICTURE_QUEUE: Final = "pictures"

#: A message that nobody acknowledged for this long is given out again. The ledger's leases are quicker; this is for
#: messages whose worker is gone while the ledger's dispatcher is away too.
_VISIBILITY_TIMEOUT_SECONDS: Final = 600


def make_celery(broker_url: str) -> Celery:
    """Return the application, without a task and without a connection yet."""
    celery = Celery("moodline", broker=broker_url, set_as_current=False)
    celery.conf.update(
        task_serializer="json",
        accept_content=["json"],  # a pickled message would run its sender's code
        task_ignore_result=True,
        task_acks_late=True,  # a slot that dies gives its message back
        task_reject_on_worker_lost=True,  # bounded by the ledger's attempts
        task_default_queue=JobQueue.ARCHIVE.value,
        task_create_missing_queues=True,
        worker_prefetch_multiplier=1,
        worker_disable_prefetch=True,  # no chunk waits behind a busy slot
        worker_send_task_events=False,
        worker_enable_remote_control=False,
        worker_hijack_root_logger=False,
        worker_redirect_stdouts=False,
        worker_cancel_long_running_tasks_on_connection_loss=False,  # rows are fenced: let the chunk commit
        worker_proc_alive_timeout=60,
        broker_transport="worker.checked_transport:CheckedTransport",
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,
        broker_transport_options=_transport_options(),
    )
    if broker_url.startswith("rediss:"):  # naming a transport makes Celery forget what the address asked for
        celery.conf.broker_use_ssl = {"ssl_cert_reqs": ssl.CERT_REQUIRED}
    return celery


def _transport_options() -> dict[str, Any]:
    return {
        "visibility_timeout": _VISIBILITY_TIMEOUT_SECONDS,
        "unacked_restore_interval": 10,
        "unacked_restore_throttle": 1,
        "queue_order_strategy": "round_robin",  # live and archive take turns: neither starves
        "socket_timeout": 10,
        "socket_connect_timeout": 5,
        "socket_keepalive": True,
        "health_check_interval": 25,
        "max_connections": 50,
        "global_keyprefix": KEY_PREFIX,
    }
