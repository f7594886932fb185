"""`moodline subject erase`: a person removed from the store, from Redis and from what was written out."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from cli.options import DbOption, store_url
from cli.removal import Elsewhere, remove_elsewhere
from cli.subject_options import actor
from core.errors import InputError, MoodlineError

if TYPE_CHECKING:
    from db.erasure import Erasure
    from db.store import Store

#: What erasing cannot reach, said in every certificate.
_OUT_OF_REACH: Final = (
    "backups of the store: erase again after one is restored (`moodline subject erase --certificate FILE`)",
    "copies of exports that were moved or changed after they were written",
    "the original videos, which stay with you",
    "a PostgreSQL server's write-ahead log, and its archives, until they are recycled",
    "a Redis server's append-only file, until it is rewritten (BGREWRITEAOF)",
)


def erase(
    subject_id: Annotated[str | None, typer.Argument(metavar="[SUBJECT]", help="The subject's pseudonym.")] = None,
    certificate: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Erase again whom it is of: after a backup was restored."),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the certificate to this file.")] = None,
    db: DbOption = None,
) -> None:
    """Remove a subject for good: rows of all generations, consents, fragments, fetched and exported files."""
    from db.compaction import compact
    from db.erasure import erase_subject
    from db.store import open_existing_store
    from db.subjects import withdraw

    store = open_existing_store(store_url(db))
    name = _whom(store, subject_id, certificate)
    if not yes:
        typer.confirm(f"Remove {name} and everything that is stored of {name}, for good?", abort=True)
    with store.writing() as connection:
        withdraw(connection, name, actor=actor())  # first: a commit that is under way must not come after
    with store.writing() as connection:
        erasure = erase_subject(connection, name, actor=actor())
        # before the commit: stopped half-way, the store still knows what is left, and the same command goes on
        elsewhere = remove_elsewhere(erasure, media_paths=erasure.media_paths, files=erasure.files)
    try:
        compact(store)
    except MoodlineError as error:
        elsewhere.left.append(str(error))
    store.close()
    text = json.dumps(_certificate(erasure, elsewhere), indent=1)
    if out is not None:
        try:
            out.write_text(text + "\n", encoding="utf-8")
        except OSError as error:
            typer.echo(f"moodline: {out}: cannot be written ({error.strerror}); here it is", err=True)
    typer.echo(text)
    for path in elsewhere.originals:
        typer.echo(f"still there, and yours to keep or remove: {path}", err=True)


def _whom(store: "Store", subject_id: str | None, certificate: Path | None) -> str:
    from db.erasure import find_erased
    from db.subjects import get_subject
    from db.tombstones import Tombstone

    if (subject_id is None) == (certificate is None):
        raise InputError("name the subject, or the certificate of one that was erased before: one of the two")
    with store.reading() as connection:
        if subject_id is not None:
            return get_subject(connection, subject_id).id
        assert certificate is not None, "one of the two"
        try:
            stone = Tombstone(**json.loads(certificate.read_text(encoding="utf-8"))["subject"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise InputError(f"{certificate}: not a certificate of `moodline subject erase`") from error
        found = find_erased(connection, stone)
    if found is None:
        raise InputError(f"{certificate}: whom it is of is not in this store; nothing to erase")
    return found


def _certificate(erasure: "Erasure", elsewhere: Elsewhere) -> dict[str, Any]:
    """Say what was done without saying of whom: digests are salted, and no path is told."""
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
