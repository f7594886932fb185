"""A person removed for good, from the store and from what lies outside of it, with a certificate that names nobody."""

from dataclasses import asdict, dataclass
from typing import Any, Final

from api.removal import Elsewhere, OutsideStore, remove_outside
from core.errors import MoodlineError
from db.compaction import compact
from db.people.erasure import Erasure, erase_subject
from db.people.subjects import withdraw
from db.store import Store

#: What erasing cannot reach, said in every certificate.
_OUT_OF_REACH: Final = (
    "backups of the store: erase again after one is restored (`moodline subject erase --certificate FILE`)",
    "copies of exports that were moved or changed after they were written",
    "the original videos, which stay with you",
    "a PostgreSQL server's write-ahead log, and its archives, until they are recycled",
    "a Redis server's append-only file, until it is rewritten (BGREWRITEAOF)",
)


@dataclass(frozen=True, kw_only=True)
class Erased:
    """What came of it."""

    certificate: dict[str, Any]  # without a name or a path: digests are salted
    originals: tuple[str, ...]  # videos that were analysed where they lie, and stay there


def erase(store: Store, subject_id: str, outside: OutsideStore, *, actor: str) -> Erased:
    """Remove a subject: work in flight is stopped first, then everything goes. Raises InputError for nobody."""
    with store.writing() as connection:
        withdraw(connection, subject_id, actor=actor)  # first: a commit that is under way must not come after
    with store.writing() as connection:
        erasure = erase_subject(connection, subject_id, actor=actor)
        # before the commit: stopped half-way, the store still knows what is left, and the same call goes on
        elsewhere = remove_outside(erasure, outside, media_paths=erasure.media_paths, files=erasure.files)
    try:
        compact(store)
    except MoodlineError as error:
        elsewhere.left.append(str(error))
    return Erased(certificate=_certificate(erasure, elsewhere), originals=tuple(elsewhere.originals))


def _certificate(erasure: Erasure, elsewhere: Elsewhere) -> dict[str, Any]:
    return {
        "erased_at": erasure.erased_at.isoformat(),
        "subject": asdict(erasure.subject),
        "media": [asdict(stone) for stone in erasure.media],
        "num_rows_by_table": erasure.num_rows_by_table,
        "num_shared_media_that_keep_their_rows": erasure.num_shared_media,
        "removed_elsewhere": elsewhere.removed,
        "left": elsewhere.left,
        "out_of_reach": list(_OUT_OF_REACH),
    }
