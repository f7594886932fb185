"""Options that say who is to be seen in a media, when, and who asks."""

import getpass
import os
from datetime import UTC, date, datetime, time
from typing import Annotated, Any

import typer

from cli.options import parse_moment
from core.errors import InputError
from core.media import StartedAt
from core.people.subjects import Appearance

SubjectOption = Annotated[
    str | None, typer.Option(metavar="ID", help="Who is to be seen: a subject's pseudonym; needs a consent that holds.")
]
SessionOption = Annotated[
    str | None, typer.Option(metavar="NAME", help="The sitting that it was filmed in; default: a file is one.")
]
ConditionOption = Annotated[str | None, typer.Option(metavar="NAME", help="The study's condition: before, stimulus-3.")]


def _parse_started_at(text: str) -> datetime | StartedAt:
    return StartedAt.AS_FILE_SAYS if text == StartedAt.AS_FILE_SAYS.value else parse_moment(text)


StartedAtOption = Annotated[
    Any,  # datetime | StartedAt | None: typer knows no unions
    typer.Option(
        metavar="TIME|file",
        parser=_parse_started_at,
        help="Wall clock at the file's start: 2026-11-20T09:30:00+01:00; file: as the file itself says.",
    ),
]


def parse_day(text: str) -> datetime:
    """Turn a day into its beginning in UTC, or a time with its zone into that."""
    try:
        return datetime.combine(date.fromisoformat(text), time(), UTC)
    except ValueError:
        return parse_moment(text)


def appearance_of(subject: str | None, session: str | None, condition: str | None) -> Appearance | None:
    """Put the three options together. Raises InputError where a sitting or condition is given of nobody."""
    if subject is not None:
        return Appearance(subject_id=subject, session=session, condition=condition)
    if session is not None or condition is not None:
        raise InputError("--session and --condition are a subject's: name it with --subject")
    return None


def actor() -> str:
    """Return who runs this command, for the audit log."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container without an entry for this user
        return f"uid {os.getuid()}"
