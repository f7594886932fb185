"""Where something of a person may lie besides the store, as the settings say."""

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from api.removal import OutsideStore


def outside_store() -> "OutsideStore":
    """Put the places together: folders, and the Redis of fragments and messages, which is asked when it must be."""
    from api.removal import OutsideStore
    from core.settings import load_settings

    settings = load_settings()
    return OutsideStore(
        uploads_dir=settings.uploads_dir,
        fetch_dir=settings.fetch_dir,
        delete_fragments=_delete_fragments,
        forget_messages=_forget_messages,
    )


def _delete_fragments(keys: Sequence[str]) -> None:
    from core.settings import load_settings
    from video.fragments.redis_fragments import open_fragment_store
    from video.limits import MediaLimits

    settings = load_settings()
    fragments = open_fragment_store(settings.fragments_url or settings.broker_url, limits=MediaLimits())
    for key in keys:
        fragments.delete(key)


def _forget_messages(job_ids: Collection[str]) -> int:
    from core.settings import load_settings
    from worker.pool.doorbell import CeleryDoorbell

    doorbell = CeleryDoorbell(load_settings().broker_url)
    try:
        return doorbell.forget(job_ids)
    finally:
        doorbell.close()
