"""Reads single pictures for whoever asks, in an analysing process of its own that is kept at hand."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from core.documents import face_document
from core.errors import InputError, MoodlineError
from core.media import AnalysisParameters
from fer_model.checkpoints.card import read_card
from video.limits import MediaLimits
from worker.analysis.messages import AnalyserSpec, PictureRequest
from worker.analysis.process import AnalysisProcess, AnalysisProcessDied

#: So many may wait for their turn; a picture takes some hundredths of a second.
MAX_WAITING: Final = 8


class PicturesBusy(MoodlineError):
    """Too many pictures wait to be read: ask again in a moment."""


@dataclass(frozen=True, kw_only=True)
class PictureReading:
    """What a picture shows."""

    faces: tuple[dict[str, Any], ...]  # core.documents.face_document of each, largest first
    width_px: int  # of the picture, upright
    height_px: int
    model_version: str


class PictureDesk:
    """Reads pictures one after the other. Threads may share it."""

    def __init__(self, card_path: Path, *, device: str, limits: MediaLimits) -> None:
        self._version = read_card(card_path).version
        self._process = AnalysisProcess(AnalyserSpec(card_path=card_path, device=device), limits)
        # one thread for good: the kernel ends the process together with the thread that started it
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="pictures")
        self._places = threading.BoundedSemaphore(MAX_WAITING)

    def read(self, content: bytes, *, min_face_px: int) -> PictureReading:
        """Find and read the faces of a picture. Raises InputError for what is none, PicturesBusy."""
        if not self._places.acquire(blocking=False):
            raise PicturesBusy(f"{MAX_WAITING} pictures wait to be read: ask again in a moment")
        try:
            return self._thread.submit(self._read, content, min_face_px).result()
        finally:
            self._places.release()

    def stop(self) -> None:
        """End the process."""
        self._thread.submit(self._process.stop).result()
        self._thread.shutdown()

    def _read(self, content: bytes, min_face_px: int) -> PictureReading:
        return read_with(self._process, content, min_face_px=min_face_px, model_version=self._version)


def read_with(process: AnalysisProcess, content: bytes, *, min_face_px: int, model_version: str) -> PictureReading:
    """Read a picture in an analysing process of this model version. Raises InputError where it cannot be decoded."""
    request = PictureRequest(source=content, parameters=AnalysisParameters(min_face_px=min_face_px))
    try:
        found = process.read_picture(request)
    except AnalysisProcessDied as error:
        raise InputError(f"the picture could not be decoded: it is damaged, or made to harm ({error})") from error
    return PictureReading(
        faces=tuple(face_document(face) for face in found.faces),
        width_px=found.width_px,
        height_px=found.height_px,
        model_version=model_version,
    )
