"""Packages that commands load on first use, so that they start quickly: a server loads them before it answers.

Loading holds Python's lock for a second or more, and everybody who asks just then would wait for it.
"""

from contextlib import suppress
from importlib import import_module
from typing import Final

#: What records and changes are computed with.
_PACKAGES: Final = ("scipy.special", "scipy.stats", "ruptures")


def load_ahead() -> None:
    """Load what is installed of them; a route that needs one that is not says so when it is asked."""
    for name in _PACKAGES:
        with suppress(ImportError):
            import_module(name)
