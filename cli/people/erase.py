"""`moodline subject erase`: a person removed from the store, from Redis and from what was written out."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.options import DbOption, store_url
from cli.people.subject_options import actor
from core.errors import InputError

if TYPE_CHECKING:
    from db.store import Store


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
    from api.erasing import erase as erase_everywhere
    from cli.people.removal import outside_store
    from db.store import open_existing_store

    store = open_existing_store(store_url(db))
    name = _whom(store, subject_id, certificate)
    if not yes:
        typer.confirm(f"Remove {name} and everything that is stored of {name}, for good?", abort=True)
    erased = erase_everywhere(store, name, outside_store(), actor=actor())
    store.close()
    text = json.dumps(erased.certificate, indent=1)
    if out is not None:
        try:
            out.write_text(text + "\n", encoding="utf-8")
        except OSError as error:
            typer.echo(f"moodline: {out}: cannot be written ({error.strerror}); here it is", err=True)
    typer.echo(text)
    for path in erased.originals:
        typer.echo(f"still there, and yours to keep or remove: {path}", err=True)


def _whom(store: "Store", subject_id: str | None, certificate: Path | None) -> str:
    from db.people.erasure import find_erased
    from db.people.subjects import get_subject
    from db.people.tombstones import Tombstone

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
