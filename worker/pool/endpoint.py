"""The page of a worker or dispatcher for machines: /metrics for Prometheus, /healthz for whoever restarts it."""

import logging
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from prometheus_client import CollectorRegistry, make_wsgi_app

from core.errors import EnvironmentFault

log = logging.getLogger(__name__)


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002, ARG002 - its base's names
        return


@contextmanager
def serving(host: str, port: int, registry: CollectorRegistry, *, is_well: Callable[[], bool]) -> Iterator[int]:
    """Serve in a thread for as long as the block; give the port, which 0 lets the system choose."""
    metrics = make_wsgi_app(registry)

    def page(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if environ["PATH_INFO"] == "/metrics":
            return metrics(environ, start_response)
        if environ["PATH_INFO"] == "/healthz":
            well = is_well()
            start_response("200 OK" if well else "503 Service Unavailable", [("Content-Type", "text/plain")])
            return [b"ok\n" if well else b"it has not dispatched or shown itself for a minute\n"]
        start_response("404 Not Found", [("Content-Type", "text/plain")])
        return [b"/metrics or /healthz\n"]

    try:
        server = make_server(host, port, page, WSGIServer, _Quiet)
    except OSError as error:
        raise EnvironmentFault(f"--metrics {host}:{port}: cannot listen there ({error.strerror})") from error
    thread = threading.Thread(target=server.serve_forever, name="endpoint", daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
