"""`moodline subject baseline`: which sittings a person's record is to be measured from."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from cli.options import DbOption, store_url
from cli.people.subject_options import ConditionOption, actor, parse_day
from core.errors import InputError
from core.wording import counted

if TYPE_CHECKING:
    from core.people.baseline import Sittings


def baseline(
    subject_id: Annotated[str, typer.Argument(metavar="SUBJECT", help="The subject's pseudonym.", show_default=False)],
    sessions: Annotated[
        list[str] | None, typer.Option("--session", metavar="NAME", help="A neutral sitting; may be repeated.")
    ] = None,
    since: Annotated[
        datetime | None, typer.Option("--from", metavar="DAY", parser=parse_day, help="Sittings from then on.")
    ] = None,
    until: Annotated[
        datetime | None, typer.Option("--until", metavar="DAY", parser=parse_day, help="And before then.")
    ] = None,
    condition: ConditionOption = None,
    db: DbOption = None,
) -> None:
    """Choose the sittings that are a person's own baseline; `subject timeline --baseline` shows changes from it."""
    from core.people.baseline import Sittings, baseline_of
    from db.people.baselines import add_baseline
    from db.people.longitudinal import subject_record
    from db.store import open_existing_store

    if not (sessions or since or until or condition):
        raise InputError("a baseline needs sittings: name them by --session, --from and --until, or --condition")
    chosen = Sittings(
        sessions=tuple(sessions or ()), from_us=_since_1970(since), until_us=_since_1970(until), condition=condition
    )
    store = open_existing_store(store_url(db))
    with store.writing() as connection:
        record = subject_record(connection, subject_id)
        made = add_baseline(
            connection,
            subject_id,
            lambda number: baseline_of(
                record.bins,
                chosen,
                number=number,
                definition=_definition(chosen, since, until),
                model_versions=record.model_versions,
            ),
            actor=actor(),
        )
    store.close()
    typer.echo(f"baseline {made.number} of {subject_id}: {made.definition}, {counted(made.num_sessions, 'session')}")


def _since_1970(moment: datetime | None) -> int | None:
    return None if moment is None else (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


def _definition(chosen: "Sittings", since: datetime | None, until: datetime | None) -> str:
    parts = [f"session {name}" for name in chosen.sessions]
    parts += [f"from {since:%Y-%m-%d %H:%M %Z}"] if since else []
    parts += [f"until {until:%Y-%m-%d %H:%M %Z}"] if until else []
    parts += [f"condition {chosen.condition}"] if chosen.condition else []
    return ", ".join(parts)
