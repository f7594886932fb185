"""Fetches a file from where a URL says, into a folder in which each file is named by its content. Knows no job.

fsspec speaks to object stores; what it needs for one (s3fs, gcsfs, adlfs) is the user's to install.
"""

import hashlib
import os
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

import fsspec

from core.errors import EnvironmentFault, InputError
from producer.sources import MediaUrl

_BLOCK_BYTES: Final = 4 * 2**20
_READ_ONLY: Final = 0o444


def fetch(source: MediaUrl, folder: Path, *, max_bytes: int) -> Path:
    """Return the fetched file, under `folder`, named by its SHA-256; the same content again is the same file.

    Raises InputError where it cannot be fetched or is too large, EnvironmentFault where it cannot be kept.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=folder, prefix=".fetching-")
    except OSError as error:
        raise EnvironmentFault(f"{folder}: fetched files cannot be kept there ({error.strerror})") from error
    partial = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            digest = _copy(source, file.write, max_bytes=max_bytes)
            file.flush()
            os.fsync(file.fileno())
        partial.chmod(_READ_ONLY)
        kept = folder / f"{digest}{Path(source.shown).suffix.lower()}"
        partial.replace(kept)
        return kept
    except OSError as error:
        raise EnvironmentFault(f"{folder}: fetched files cannot be kept there ({error.strerror})") from error
    finally:
        with suppress(FileNotFoundError):
            partial.unlink()


def _copy(source: MediaUrl, write: Callable[[bytes], object], *, max_bytes: int) -> str:
    """Copy block by block; return the SHA-256."""
    digest, num_bytes = hashlib.sha256(), 0
    try:
        with fsspec.open(source.url, "rb") as remote:
            while block := remote.read(_BLOCK_BYTES):
                num_bytes += len(block)
                if num_bytes > max_bytes:
                    raise InputError(f"{source.shown}: larger than {max_bytes:,} bytes; cut it into parts")
                digest.update(block)
                _keep(block, write)
    except (InputError, EnvironmentFault):
        raise
    except ImportError as error:
        raise EnvironmentFault(f"{source.shown}: {error}") from error
    except Exception as error:  # each of fsspec's stores has errors of its own, whose words may hold the address
        raise InputError(
            f"{source.shown}: cannot be fetched ({type(error).__name__}); check address and rights"
        ) from error
    return digest.hexdigest()


def _keep(block: bytes, write: Callable[[bytes], object]) -> None:
    try:
        write(block)
    except OSError as error:
        raise EnvironmentFault(f"a fetched file cannot be kept ({error.strerror}); free some space") from error
