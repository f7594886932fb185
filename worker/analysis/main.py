"""Entry point of the process that opens media (`python -m worker.analysis.main`), from its own side.

Loads the networks once, then answers requests until its parent goes. worker/analysis/process.py starts it.
"""

import logging
import sys
from multiprocessing.connection import Connection

from core.errors import EnvironmentFault, InputError
from video.isolation.process_limits import limit_this_process
from worker.analysis.analysing import RequestHandler
from worker.analysis.messages import Crashed, Progress, Refused, Request

log = logging.getLogger(__name__)


def serve(pipe: Connection, *, parent_pid: int) -> None:
    """Answer what comes through the pipe; its first message says what to load."""
    try:
        spec, limits = pipe.recv()
        handler = RequestHandler(spec, limits)
        # after loading: what the networks take is not the media's
        limit_this_process(extra_memory_bytes=limits.decode_memory_bytes, parent_pid=parent_pid)
        while True:
            request: Request = pipe.recv()
            try:
                pipe.send(handler.answer(request, on_progress=lambda n: pipe.send(Progress(num_frames=n))))
            except InputError as error:
                pipe.send(Refused(message=str(error), is_environment=False))
    except EnvironmentFault as error:
        pipe.send(Refused(message=str(error), is_environment=True))
    except (EOFError, ConnectionError):
        return  # the parent is gone
    except Exception as error:  # a hostile file may provoke anything; the parent counts the attempt
        log.debug("the analysing process failed", exc_info=True)
        lines = str(error).splitlines() or ["no message"]
        pipe.send(Crashed(message=f"{type(error).__name__}: {lines[0]}"))


if __name__ == "__main__":
    serve(Connection(int(sys.argv[1])), parent_pid=int(sys.argv[2]))
