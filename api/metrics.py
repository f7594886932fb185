"""What Prometheus is told of the API: requests by route, how soon they are answered, and the queue as the store has it.

A label is a method, a route's template or a status; never an id, a subject, an owner or a path.
"""

import time
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from db.queue.store_metrics import StoreCollector
from db.store import Store

#: Stands for whatever was refused before a route was found, or is none of ours.
_NO_ROUTE: Final = "none"

_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_BUCKETS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 120.0)


class ApiMetrics:
    """One application's figures: two in a process never share any."""

    def __init__(self, store: Store) -> None:
        self._registry = CollectorRegistry()
        self._registry.register(StoreCollector(store))
        self.requests = Counter(
            "moodline_api_requests", "Requests answered.", ["method", "route", "status"], registry=self._registry
        )
        self.seconds = Histogram(
            "moodline_api_answer_seconds",
            "Until an answer begins.",
            ["method", "route"],
            buckets=_BUCKETS,
            registry=self._registry,
        )
        self.received = Counter(
            "moodline_api_received_bytes", "Bytes of bodies received, uploads above all.", registry=self._registry
        )
        self.open = Gauge("moodline_api_open_requests", "Requests being answered.", registry=self._registry)

    def text(self) -> bytes:
        """Return everything in Prometheus' text form."""
        return generate_latest(self._registry)


class Metering:
    """Middleware around everything else, the gate too."""

    def __init__(self, app: ASGIApp, *, metrics: ApiMetrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through and count it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        metrics, began_at = self._metrics, time.perf_counter()
        method = scope["method"] if scope["method"] in _METHODS else "other"

        async def receiving() -> Message:
            message = await receive()
            metrics.received.inc(len(message.get("body", b"")))
            return message

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                route = _route_of(scope)
                metrics.requests.labels(method, route, str(message["status"])).inc()
                metrics.seconds.labels(method, route).observe(time.perf_counter() - began_at)
            await send(message)

        with metrics.open.track_inprogress():
            await self._app(scope, receiving, sending)


def _route_of(scope: Scope) -> str:
    return str(getattr(scope.get("route"), "path", _NO_ROUTE))
