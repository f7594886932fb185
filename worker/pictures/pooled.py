"""Reads single pictures through the pool: a short call over its queue, answered by whichever worker is free first."""

import threading
from typing import Final

import redis
from kombu.exceptions import OperationalError

from core.errors import BrokerUnavailable, InputError
from worker.broker import PICTURE_QUEUE, make_celery
from worker.checked_transport import PICTURE_TASK_NAME
from worker.pictures.reading import MAX_WAITING, PictureReading, PicturesBusy
from worker.pictures.tickets import PictureTickets, RefusedPicture, WaitingPicture

#: A worker that has a chunk in hand finishes it first.
PATIENCE_SECONDS: Final = 20.0


class PooledPictures:
    """Asks the pool. Threads may share it."""

    def __init__(self, broker_url: str, *, model_version: str, patience_seconds: float = PATIENCE_SECONDS) -> None:
        self._celery = make_celery(broker_url)
        self._tickets = PictureTickets(broker_url)
        self._model_version = model_version
        self._patience_seconds = patience_seconds
        self._places = threading.BoundedSemaphore(MAX_WAITING)  # Redis must have room for doorbells

    def read(self, content: bytes, *, min_face_px: int) -> PictureReading:
        """Find and read the faces of a picture. Raises InputError for what is none, PicturesBusy, BrokerUnavailable."""
        if not self._places.acquire(blocking=False):
            raise PicturesBusy(f"{MAX_WAITING} pictures wait to be read: ask again in a moment")
        try:
            return self._read(content, min_face_px)
        finally:
            self._places.release()

    def stop(self) -> None:
        """Close the connections."""
        self._tickets.close()
        self._celery.close()

    def _read(self, content: bytes, min_face_px: int) -> PictureReading:
        waiting = WaitingPicture(content=content, min_face_px=min_face_px, model_version=self._model_version)
        try:
            ticket = self._tickets.put(waiting)
            self._celery.send_task(PICTURE_TASK_NAME, args=(ticket,), queue=PICTURE_QUEUE, retry=False)
            answer = self._tickets.wait(ticket, seconds=self._patience_seconds)
        except (OperationalError, redis.RedisError, OSError) as error:
            raise BrokerUnavailable("the pool's broker cannot be used; pictures can be read when it is back") from error
        if answer is None:
            raise PicturesBusy(f"no worker took the picture in {self._patience_seconds:g} s: ask again in a moment")
        if isinstance(answer, RefusedPicture):
            raise InputError(answer.message)
        return answer
