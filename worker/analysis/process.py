"""The process that opens media: a child that can be killed, limited in memory, watched for silence.

The parent keeps the database; the child gets one request at a time and sends rows back. A file that crashes, hangs or
bloats the child costs one attempt at one chunk, never the worker.
"""

import logging
import multiprocessing
import os
import subprocess
import sys
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Final, Self

from core.errors import EnvironmentFault, InputError, MoodlineError
from video.limits import MediaLimits
from worker.analysis.messages import (
    AnalyserSpec,
    ChunkRequest,
    ChunkResult,
    Crashed,
    PictureRequest,
    PictureResult,
    Progress,
    Refused,
    Reply,
    Request,
)

log = logging.getLogger(__name__)

#: A child that says nothing for this long hangs. One batch of frames takes about a second on a slow core.
SILENCE_SECONDS: Final = 120.0

#: How often the parent looks up from waiting: to extend its lease and move the progress display.
TICK_SECONDS: Final = 0.5


class AnalysisProcessDied(MoodlineError):
    """The process that opened the media crashed, hung or outgrew its memory."""


class AnalysisProcess:
    """Parent's side. Starts the child at the first request, and a new one after a death."""

    def __init__(self, spec: AnalyserSpec, limits: MediaLimits) -> None:
        self._spec = spec
        self._limits = limits
        self._child: subprocess.Popen[bytes] | None = None
        self._pipe: Connection | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()

    def analyse_chunk(self, request: ChunkRequest, *, on_tick: Callable[[int], None]) -> ChunkResult:
        """Run one chunk. `on_tick` gets the number of frames done, about twice a second; what it raises ends the run.

        Raises AnalysisProcessDied where the child died, InputError or EnvironmentFault where it says why it cannot.
        """
        result = self._ask(request, on_tick)
        assert isinstance(result, ChunkResult)
        return result

    def read_picture(self, request: PictureRequest) -> PictureResult:
        """Find and read the faces of a picture. Raises as `analyse_chunk` does."""
        result = self._ask(request, lambda _: None)
        assert isinstance(result, PictureResult)
        return result

    @property
    def pid(self) -> int | None:
        """Return the child's process id; None while there is no child."""
        return None if self._child is None else self._child.pid

    def stop(self) -> None:
        """Kill the child, if there is one; it holds nothing worth saving."""
        if self._child is not None and self._pipe is not None:
            self._child.kill()
            self._child.wait()
            self._pipe.close()
        self._child = self._pipe = None

    def _ask(self, request: Request, on_tick: Callable[[int], None]) -> Reply:
        try:
            pipe = self._start()
            pipe.send(request)
            return self._wait(pipe, on_tick)
        except (EOFError, ConnectionError) as error:
            self.stop()
            raise AnalysisProcessDied(
                f"{request.source_name}: the analysing process died; the file is damaged or made to harm"
            ) from error
        except InputError:
            raise  # the child is well and waits for the next request
        except BaseException:
            self.stop()  # it may be in the middle of a chunk that nobody waits for any more
            raise

    def _wait(self, pipe: Connection, on_tick: Callable[[int], None]) -> Reply:
        num_frames, heard_at = 0, time.monotonic()
        while True:
            if pipe.poll(TICK_SECONDS):
                reply: Reply = pipe.recv()
                heard_at = time.monotonic()
                if isinstance(reply, Crashed):
                    raise AnalysisProcessDied(f"the analysing process failed: {reply.message}")
                if isinstance(reply, Refused):
                    raise (EnvironmentFault if reply.is_environment else InputError)(reply.message)
                if not isinstance(reply, Progress):
                    return reply
                num_frames = reply.num_frames
            elif time.monotonic() - heard_at > SILENCE_SECONDS:
                raise AnalysisProcessDied(f"the analysing process said nothing for {SILENCE_SECONDS:.0f} s")
            on_tick(num_frames)

    def _start(self) -> Connection:
        if self._pipe is None:
            ours, theirs = multiprocessing.Pipe()
            # A program of its own, neither a fork, which may deadlock after torch has run, nor multiprocessing's
            # spawn, which Celery's pool forbids its processes. In a group of its own Ctrl-C does not reach it.
            child = subprocess.Popen(
                [sys.executable, "-m", "worker.analysis.main", str(theirs.fileno()), str(os.getpid())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                process_group=0,
            )
            theirs.close()  # so that the child's death is the pipe's end
            self._child, self._pipe = child, ours
            ours.send((self._spec, self._limits))
        return self._pipe
