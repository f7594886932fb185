"""Who reads pictures for the API: a port, so that the API itself never loads a network."""

from typing import Protocol

from worker.pictures.reading import PictureReading


class PictureReader(Protocol):
    """Reads a picture while one waits."""

    def read(self, content: bytes, *, min_face_px: int) -> PictureReading:
        """Find and read the faces of a picture. Raises InputError for what is none, PicturesBusy."""
        ...
