"""Find what a user means by `--media`: an id, the start of one, or a file whose content was analysed."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from core.errors import InputError
from db.archive.media import find_media
from db.jobs import readable_job
from db.people.erasure import sha256_of
from db.records import JobRecord, MediaRecord
from db.store import Store, open_existing_store


@dataclass(frozen=True, kw_only=True)
class StoredMedia:
    """A media with the job whose rows speak for it."""

    store: Store
    media: MediaRecord
    job: JobRecord


@contextmanager
def open_media(db_url: str, reference: str) -> Iterator[StoredMedia]:
    """Open the store and find a media in it. Raises InputError where it was never analysed."""
    store = open_existing_store(db_url)
    try:
        yield find_stored_media(store, reference)
    finally:
        store.close()


def find_stored_media(store: Store, reference: str) -> StoredMedia:
    """Find a media in an open store. Raises InputError where it was never analysed."""
    with store.reading() as connection:
        media = find_media(connection, _sha256_if_file(reference))
        job = readable_job(connection, media.id)
    if job is None:
        raise InputError(f"{media.path}: no rows are stored of it; analyse it with `moodline analyze`")
    return StoredMedia(store=store, media=media, job=job)


def _sha256_if_file(reference: str) -> str:
    """A file is known by its content, wherever it was moved; anything else is taken for an id."""
    path = Path(reference)
    if not path.is_file():
        if path.suffix or len(path.parts) > 1:
            raise InputError(f"{reference}: no such file; give an existing file or an id from `moodline media`")
        return reference
    try:
        return sha256_of(path)
    except OSError as error:
        raise InputError(f"{reference}: cannot be read ({error.strerror})") from error
