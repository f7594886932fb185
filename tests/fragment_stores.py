"""A fragment store in memory, for tests that need no Redis. It passes the same contract tests as the real one."""

from collections.abc import Callable

from video.fragments.fragment_store import refuse_unless_storable


class MemoryFragmentStore:
    """Fragments in a dictionary, which expire by a clock that is passed in."""

    def __init__(self, *, max_fragment_bytes: int, now: Callable[[], float]) -> None:
        self._max_fragment_bytes = max_fragment_bytes
        self._now = now
        self._kept: dict[str, tuple[bytes, float]] = {}  # content, when it expires

    def put(self, key: str, content: bytes, *, ttl_seconds: int) -> None:
        """Keep a fragment for so long."""
        refuse_unless_storable(content, ttl_seconds=ttl_seconds, max_fragment_bytes=self._max_fragment_bytes)
        self._kept[key] = (content, self._now() + ttl_seconds)

    def get(self, key: str) -> bytes | None:
        """Return a fragment; None: there is none, or none any more."""
        content, expires_at = self._kept.get(key, (None, 0.0))
        return content if self._now() < expires_at else None

    def delete(self, key: str) -> None:
        """Forget a fragment, if it is there."""
        self._kept.pop(key, None)
