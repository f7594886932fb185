"""What happens to a camera while it is watched, and how it stands: values for whoever shows or logs them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class EventKind(StrEnum):
    """What happened."""

    CONNECTED = "connected"  # the first fragment of a connection came
    LOST = "lost"  # the camera gives nothing any more; it is tried again
    UNREACHABLE = "unreachable"  # it gave nothing since the watch began; it is tried again
    GAP_CLOSED = "gap_closed"  # it gives pictures again; `detail` says since when it gave none
    TAKEN_OVER = "taken_over"  # a watcher before this one had ended without a word
    RENEWED = "renewed"  # a new stretch began without a gap: an hour was over, or the camera's clock had drifted
    DROPPED = "dropped"  # pictures were given up unseen; `detail` says why
    STORE_AWAY = "store_away"  # the store cannot be written just now; what comes waits, within bounds
    STOPPED = "stopped"  # the watch is over


@dataclass(frozen=True, kw_only=True)
class CameraEvent:
    """Something happened to a camera. Holds no address."""

    kind: EventKind
    camera: str
    at: datetime  # aware UTC
    detail: str = ""  # one line
    num_frames: int = 0  # that it is about


@dataclass(frozen=True, kw_only=True)
class WatchStatus:
    """How a watch stands, as of the last fragment."""

    camera: str
    is_connected: bool
    num_fragments: int  # since the watch began, as the rest
    num_captured_frames: int
    num_dropped_frames: int
    num_waiting_frames: int  # of the camera, in chunks that no worker has begun
    lag_seconds: float  # how old the last picture of the oldest waiting chunk was; 0: nothing waited
