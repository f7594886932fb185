"""Tells which frames a decoder has lost, from the times it was fed and the times it gives back. Pure: times only.

A decoder takes packets in decoding order and gives pictures in presentation order. Once it gives the picture of one
time, every earlier time that it was fed and has not given is lost: rejected aloud, or dropped in silence.
"""

import heapq
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class LostFrame:
    """A frame that the packets promised and the decoder did not give."""

    pts_us: int  # presentation time
    reason: str  # one line


class PresentationOrder:
    """Keeps the times that a decoder owes. Of two frames with one time the first counts and the other is dropped."""

    def __init__(self) -> None:
        self._owed: list[int] = []  # a heap of presentation times
        self._known: set[int] = set()  # the times in the heap
        self._reasons: dict[int, str] = {}  # of packets that were rejected aloud
        self._last_us: int | None = None  # the latest time that was given or lost

    def owe(self, pts_us: int) -> None:
        """Note a packet that is fed to the decoder. A time that has passed already is not owed any more."""
        if pts_us in self._known or (self._last_us is not None and pts_us <= self._last_us):
            return
        self._known.add(pts_us)
        heapq.heappush(self._owed, pts_us)

    def reject(self, pts_us: int, *, reason: str) -> None:
        """Note that the decoder refused the packet of this time; it is lost when its turn comes."""
        self._reasons[pts_us] = reason

    def give(self, pts_us: int) -> tuple[list[LostFrame], bool]:
        """Take a picture's time: return the frames lost before it, and whether the picture itself was owed."""
        lost = self._lose_while(before_us=pts_us)
        if not self._owed or self._owed[0] != pts_us:
            return lost, False
        self._pop()
        return lost, True

    def finish(self) -> list[LostFrame]:
        """Return the frames that are still owed when the decoder has given its last picture."""
        return self._lose_while(before_us=None)

    def _lose_while(self, *, before_us: int | None) -> list[LostFrame]:
        lost = []
        while self._owed and (before_us is None or self._owed[0] < before_us):
            pts_us = self._pop()
            reason = self._reasons.pop(pts_us, "the decoder gave no picture")
            lost.append(LostFrame(pts_us=pts_us, reason=reason))
        return lost

    def _pop(self) -> int:
        self._last_us = heapq.heappop(self._owed)
        self._known.discard(self._last_us)
        return self._last_us
