"""A chunk's fragment: fetched, and proved to be what was submitted. Files are found by db/archive/source_files.py."""

from db.archive.source_files import SourceFault, SourceUnusable
from video.fragments.fragment_store import FragmentStore, is_genuine


def fetch_fragment(fragments: FragmentStore, key: str) -> bytes:
    """Return a chunk's fragment. Raises SourceUnusable where it is gone or is another, BrokerUnavailable as it says."""
    content = fragments.get(key)
    if content is None:
        raise SourceUnusable(
            SourceFault.FRAGMENT_GONE,
            "its fragment is no longer in Redis; of a file, submit it again, of a camera, start more workers",
        )
    if not is_genuine(key, content):
        raise SourceUnusable(
            SourceFault.FRAGMENT_CHANGED, "its fragment was replaced in Redis; who else can write to it?"
        )
    return content
