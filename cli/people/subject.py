"""`moodline subject`: people who are followed across media, what allows it, and where they are to be seen."""

import json
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.options import DbOption, store_url
from cli.people.subject_options import ConditionOption, SessionOption, actor, parse_day

if TYPE_CHECKING:
    from core.people.subjects import Consent, Subject

app = typer.Typer(
    no_args_is_help=True, help="One person: consents, media, record over months, changes, reports, erasing."
)

SubjectArgument = Annotated[str, typer.Argument(metavar="SUBJECT", help="The subject's pseudonym.", show_default=False)]
MediaArgument = Annotated[
    list[str], typer.Argument(metavar="ID|PATH...", help="Media: ids, or their files.", show_default=False)
]
BasisOption = Annotated[str, typer.Option(metavar="TEXT", help="consent, or which other basis allows it.")]
ScopeOption = Annotated[str, typer.Option(metavar="TEXT", help="What it covers, in words.")]
VersionOption = Annotated[
    str, typer.Option("--version", metavar="TEXT", help="Of the text that was agreed to.", show_default=False)
]
GivenOption = Annotated[
    datetime | None, typer.Option("--given", metavar="DAY", parser=parse_day, help="When; default: now.")
]
UntilOption = Annotated[
    datetime | None,
    typer.Option("--until", metavar="DAY", parser=parse_day, help="First day on which it holds no more."),
]
IdentityOption = Annotated[bool, typer.Option("--identity", help="It also covers comparing faces to tell who is who.")]


@app.callback()
def subject() -> None:
    """One person: consents, media, record over months, changes, reports, erasing."""


@app.command()
def add(
    subject_id: SubjectArgument,
    study: Annotated[str, typer.Option(metavar="STUDY", help="The study that it is in.", show_default=False)],
    version: VersionOption,
    basis: BasisOption = "consent",
    scope: ScopeOption = "expressions",
    given: GivenOption = None,
    until: UntilOption = None,
    identity: IdentityOption = False,
    group: Annotated[str | None, typer.Option(metavar="NAME", help="That the study assigned; never inferred.")] = None,
    db: DbOption = None,
) -> None:
    """Add a person under a pseudonym, with what allows it. Without that, faces stay nameless tracks."""
    from db.people.subjects import add_subject
    from db.store import open_store

    allowed = _consent(basis, scope, version, given, until, identity)
    with open_store(store_url(db)).writing() as connection:
        add_subject(connection, subject_id, allowed, study_id=study, group=group, actor=actor())
    typer.echo(f"subject {subject_id} is there; name it in --subject, or with `moodline subject appears`")


@app.command()
def consent(
    subject_id: SubjectArgument,
    version: VersionOption,
    basis: BasisOption = "consent",
    scope: ScopeOption = "expressions",
    given: GivenOption = None,
    until: UntilOption = None,
    identity: IdentityOption = False,
    db: DbOption = None,
) -> None:
    """Record a new consent, or another basis, of a subject; those before stay on record."""
    from db.people.subjects import give_consent
    from db.store import open_existing_store

    with open_existing_store(store_url(db)).writing() as connection:
        give_consent(connection, subject_id, _consent(basis, scope, version, given, until, identity), actor=actor())
    typer.echo(f"subject {subject_id}: recorded")


@app.command()
def withdraw(subject_id: SubjectArgument, db: DbOption = None) -> None:
    """End a subject's consent now and stop what is being analysed of it. Stored rows stay until they are erased."""
    from db.people.subjects import withdraw as end
    from db.store import open_existing_store

    with open_existing_store(store_url(db)).writing() as connection:
        cancelled = end(connection, subject_id, actor=actor())
    jobs = f"; cancelled: {', '.join(cancelled)}" if cancelled else "; nothing was being analysed"
    typer.echo(f"subject {subject_id}: consent withdrawn{jobs}")


@app.command("list")
def list_all(
    study: Annotated[str | None, typer.Option(metavar="STUDY", help="Only this study's.")] = None,
    db: DbOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object a subject.")] = False,
) -> None:
    """List subjects, with what allows analysing them now."""
    from rich.table import Table

    from cli.terminal import console_for
    from db.people.subjects import list_subjects
    from db.store import open_existing_store

    with open_existing_store(store_url(db)).reading() as connection:
        subjects = list_subjects(connection, study_id=study)
    if as_json:
        for each in subjects:
            typer.echo(json.dumps(_document(each)))
        return
    table = Table("subject", "study", "group", "allowed now by", "until", box=None, pad_edge=False, header_style="bold")
    for each in subjects:
        holds = each.consent_at(datetime.now(UTC))
        allowed = f"{holds.basis}, {holds.version}" if holds else "nothing: not analysed"
        until = f"{holds.until_at:%Y-%m-%d}" if holds and holds.until_at else ""
        table.add_row(each.id, each.study_id, each.group or "", allowed, until)
    console_for(sys.stdout).print(table if subjects else "no subject yet; `moodline subject add` makes one")


@app.command()
def show(
    subject_id: SubjectArgument,
    db: DbOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Show a subject: its consents, and the media in which it is to be seen."""
    from rich.table import Table

    from cli.terminal import console_for
    from db.people.appearances import media_of_subject
    from db.people.subjects import get_subject
    from db.store import open_existing_store

    with open_existing_store(store_url(db)).reading() as connection:
        found = get_subject(connection, subject_id)
        media = media_of_subject(connection, subject_id)
    if as_json:
        listed = [
            {
                "media_id": each.media_id,
                "path": each.path,
                "started_at": each.started_at.isoformat() if each.started_at else None,
                "session": each.session,
                "condition": each.condition,
            }
            for each in media
        ]
        typer.echo(json.dumps(_document(found) | {"media": listed}))
        return
    console = console_for(sys.stdout)
    console.print(f"{found.id}, study {found.study_id}" + (f", group {found.group}" if found.group else ""))
    for each in found.consents:
        until = f" until {each.until_at:%Y-%m-%d}" if each.until_at else ""
        ended = f", withdrawn {each.withdrawn_at:%Y-%m-%d %H:%M} UTC" if each.withdrawn_at else ""
        console.print(f"  {each.basis} {each.version}, for {each.scope}, from {each.given_at:%Y-%m-%d}{until}{ended}")
    table = Table("media", "started", "session", "condition", "file", box=None, pad_edge=False, header_style="bold")
    for row in media:
        started = f"{row.started_at:%Y-%m-%d %H:%M} UTC" if row.started_at else "unknown: in no timeline"
        table.add_row(row.media_id, started, row.session or "its own", row.condition or "", row.path)
    console.print(table if media else "  in no media yet")


@app.command()
def appears(
    subject_id: SubjectArgument,
    media: MediaArgument,
    session: SessionOption = None,
    condition: ConditionOption = None,
    db: DbOption = None,
) -> None:
    """Say that a subject is the person in these media; again, with another session or condition, corrects that."""
    from core.people.subjects import Appearance
    from db.people.appearances import assign
    from db.stored_media import open_media

    said = Appearance(subject_id=subject_id, session=session, condition=condition)
    for reference in media:
        with open_media(store_url(db), reference) as found, found.store.writing() as connection:
            assign(connection, found.media.id, said, actor=actor())
            typer.echo(f"{found.media.id} ({found.media.path}): {subject_id}")


@app.command()
def absent(subject_id: SubjectArgument, media: MediaArgument, db: DbOption = None) -> None:
    """Take back that a subject is in these media; their rows stay, as a nameless face's."""
    from db.people.appearances import remove
    from db.stored_media import open_media

    for reference in media:
        with open_media(store_url(db), reference) as found, found.store.writing() as connection:
            remove(connection, found.media.id, subject_id, actor=actor())
            typer.echo(f"{found.media.id} ({found.media.path}): not {subject_id}")


def _consent(
    basis: str, scope: str, version: str, given: datetime | None, until: datetime | None, identity: bool
) -> "Consent":
    from core.people.subjects import Consent

    return Consent(
        basis=basis,
        scope=scope,
        version=version,
        given_at=given or datetime.now(UTC),
        until_at=until,
        covers_identity=identity,
    )


def _document(found: "Subject") -> dict[str, Any]:
    def text(moment: datetime | None) -> str | None:
        return None if moment is None else moment.isoformat()

    return {
        "subject_id": found.id,
        "study_id": found.study_id,
        "group": found.group,
        "is_allowed_now": found.consent_at(datetime.now(UTC)) is not None,
        "consents": [
            {
                "basis": each.basis,
                "scope": each.scope,
                "version": each.version,
                "covers_identity": each.covers_identity,
                "given_at": text(each.given_at),
                "until_at": text(each.until_at),
                "withdrawn_at": text(each.withdrawn_at),
            }
            for each in found.consents
        ],
    }
