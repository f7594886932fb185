"""Keeps queue messages out of the log: Celery repeats, whole, those that it cannot use, and anybody may forge one."""

import logging
from typing import Final

_STRANGERS_WORDS: Final = ("celery", "kombu", "billiard")


class _FixedWordsOnly(logging.Filter):
    """Lets through what a library's record says in its own words, up to the first that is filled in."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.name.split(".")[0] not in _STRANGERS_WORDS:
            return True
        if record.levelno < logging.WARNING:
            return False  # names each message by an id that its sender chose
        first_line = (str(record.msg).strip().splitlines() or [""])[0]
        fixed = first_line.split("%", maxsplit=1)[0].split("{", maxsplit=1)[0].rstrip(" :([")
        kind = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else "details"
        record.msg = f"{fixed or 'something went wrong'} ({kind}; the rest may be a message's and is not logged)"
        record.args, record.exc_info, record.exc_text = (), None, None
        return True


def hide_message_bodies() -> None:
    """Make every handler of this process say that a message could not be used, and not what it was."""
    for handler in logging.getLogger().handlers:
        handler.addFilter(_FixedWordsOnly())
