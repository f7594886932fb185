"""The words of tus 1.0.0, the protocol of uploads that can be resumed: its headers read and written. Knows no disk."""

import base64
import binascii
from datetime import datetime
from email.utils import format_datetime
from typing import Final

from api.problems import Problem

VERSION: Final = "1.0.0"
EXTENSIONS: Final = "creation,termination,expiration"
MEDIA_TYPE: Final = "application/offset+octet-stream"

#: On every answer.
HEADERS: Final = {"Tus-Resumable": VERSION}

_MAX_BYTES: Final = 2**53


def check_version(version: str | None) -> None:
    """Raise Problem for a client of another version."""
    if version != VERSION:
        raise Problem(412, "TUS_VERSION", f"say Tus-Resumable: {VERSION}", headers={**HEADERS, "Tus-Version": VERSION})


def read_number(name: str, text: str | None) -> int:
    """Read a header that counts bytes."""
    if text is None or not (text.isascii() and text.isdecimal()) or len(text) > 16 or int(text) > _MAX_BYTES:
        raise Problem(400, "HEADER_UNREADABLE", f"say {name}: a whole number of bytes", headers=HEADERS)
    return int(text)


def read_file_name(metadata: str | None) -> str:
    """Return the file's name of an Upload-Metadata header: pairs of a key and a value in base64."""
    for pair in (metadata or "").split(","):
        key, _, value = pair.strip().partition(" ")
        if key in ("filename", "name"):
            try:
                return base64.b64decode(value, validate=True).decode("utf-8", "replace")
            except (binascii.Error, ValueError) as error:
                raise Problem(
                    400, "HEADER_UNREADABLE", f"Upload-Metadata: the value of {key} is not base64", headers=HEADERS
                ) from error
    return "video"


def expires(at: datetime) -> dict[str, str]:
    """Say when an upload is removed if nothing more comes."""
    return {"Upload-Expires": format_datetime(at, usegmt=True)}
