"""`moodline tracks`: the people of a media as tracks of their faces, and whose they are."""

import json
import sys
from typing import Annotated

import typer

from cli.options import DbOption, store_url
from cli.people.subject_options import ConditionOption, SessionOption, actor
from cli.tracks.identify import identify
from cli.tracks.sheet import MediaArgument, MinSecondsOption, sheet
from core.errors import InputError
from core.people.subjects import Appearance

app = typer.Typer(no_args_is_help=True, help="Person tracks: who is who in a media.")
app.command()(sheet)
app.command()(identify)

TracksArgument = Annotated[
    list[int], typer.Argument(metavar="TRACK...", help="Numbers, from `moodline tracks list`.", show_default=False)
]


@app.callback()
def tracks() -> None:
    """Person tracks: who is who in a media."""


@app.command("list")
def list_all(
    media: MediaArgument,
    min_seconds: MinSecondsOption = 0.5,
    db: DbOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object a track.")] = False,
) -> None:
    """List a media's person tracks: when each is seen, what it appears to show, whose it is."""
    from cli.rendering.tracks import tracks_table
    from cli.terminal import console_for
    from core.documents import NOTICE
    from core.tracks.document import track_document
    from db.people.subjects import list_subjects
    from db.stored_media import open_media
    from db.tracks.decisions import tracks_of
    from db.tracks.spans import figures_of

    with open_media(store_url(db), media) as found, found.store.reading() as connection:
        every = list(tracks_of(connection, found.job.id).values())
        shown = [track for track in every if track.seconds >= min_seconds or track.subject_key is not None]
        figures = figures_of(connection, found.job.id, shown)
        subjects = {subject.key: subject for subject in list_subjects(connection)}
    if as_json:
        for track in shown:
            typer.echo(json.dumps(track_document(track, figures[track.number], subjects)))
        return
    console = console_for(sys.stdout)
    console.print(tracks_table(shown, figures, subjects) if shown else "no track")
    if len(shown) < len(every):
        console.print(f"{len(every) - len(shown)} of less than {min_seconds:g} s are not shown: --min-seconds 0")
    console.print(NOTICE, style="dim italic")


@app.command()
def assign(
    media: MediaArgument,
    numbers: TracksArgument,
    subject: Annotated[
        str | None, typer.Option(metavar="ID", help="Whose they are; needs a consent that holds.")
    ] = None,
    nobody: Annotated[bool, typer.Option("--nobody", help="They are nobody's.")] = False,
    session: SessionOption = None,
    condition: ConditionOption = None,
    db: DbOption = None,
) -> None:
    """Say whose tracks are. In media of several subjects, and where some are a subject's, only those count for it."""
    from db.stored_media import open_media
    from db.tracks.decisions import assign_tracks, unassign_tracks

    if (subject is None) is not nobody:
        raise InputError("say whose they are with --subject ID, or --nobody")
    if nobody and (session or condition):
        raise InputError("--session and --condition are a subject's: name it with --subject")
    with open_media(store_url(db), media) as found, found.store.writing() as connection:
        if subject is None:
            unassign_tracks(connection, found.job.id, numbers, actor=actor())
        else:
            said = Appearance(subject_id=subject, session=session, condition=condition)
            assign_tracks(connection, found.job.id, numbers, said, actor=actor())
    typer.echo(f"{found.media.id}: {_listed(numbers)}: {subject or 'nobody'}; `moodline tracks undo` takes it back")


@app.command()
def merge(media: MediaArgument, numbers: TracksArgument, db: DbOption = None) -> None:
    """Say that tracks are one person's: they become one, under the number of the first."""
    from db.stored_media import open_media
    from db.tracks.decisions import merge_tracks

    with open_media(store_url(db), media) as found, found.store.writing() as connection:
        merge_tracks(connection, found.job.id, numbers, actor=actor())
    typer.echo(f"{found.media.id}: {_listed(numbers)} are one")


@app.command()
def split(
    media: MediaArgument,
    number: Annotated[int, typer.Argument(metavar="TRACK", help="Its number.", show_default=False)],
    at_seconds: Annotated[
        float | None, typer.Option("--at", metavar="SECONDS", help="In the video; default: back into its parts.")
    ] = None,
    db: DbOption = None,
) -> None:
    """Part a track in two at a time, or into what it was put together from. What is split off is nobody's."""
    from db.stored_media import open_media
    from db.tracks.decisions import split_track, split_track_at

    with open_media(store_url(db), media) as found, found.store.writing() as connection:
        if at_seconds is None:
            split_track(connection, found.job.id, number, actor=actor())
            typer.echo(f"{found.media.id}: track {number} is as many as it was")
            return
        made = split_track_at(connection, found.job.id, number, round(at_seconds * 1e6), actor=actor())
    typer.echo(
        f"{found.media.id}: track {number} ends before {(made.at_us or 0) / 1e6:g} s; then it is {made.new_track}"
    )


@app.command()
def undo(media: MediaArgument, db: DbOption = None) -> None:
    """Take back the newest decision that stands."""
    from cli.rendering.tracks import in_words
    from db.people.subjects import list_subjects
    from db.stored_media import open_media
    from db.tracks.decisions import undo_decision

    with open_media(store_url(db), media) as found, found.store.writing() as connection:
        undone = undo_decision(connection, found.job.id, actor=actor())
        subjects = {each.key: each for each in list_subjects(connection)}
    typer.echo(f"{found.media.id}: undone: {undone.number}, {in_words(undone, subjects)}")


@app.command()
def history(media: MediaArgument, db: DbOption = None) -> None:
    """Show every decision about a media's tracks, undone ones too, and a checksum of what they make now."""
    from cli.rendering.tracks import history_table
    from cli.terminal import console_for
    from db.people.subjects import list_subjects
    from db.stored_media import open_media
    from db.tracks.decisions import decisions_of, state_checksum

    with open_media(store_url(db), media) as found, found.store.reading() as connection:
        decisions = decisions_of(connection, found.job.id)
        subjects = {each.key: each for each in list_subjects(connection)}
        checksum = state_checksum(connection, found.job.id)
    console = console_for(sys.stdout)
    console.print(history_table(decisions, subjects) if decisions else "nothing was decided yet")
    typer.echo(f"state {checksum}")


def _listed(numbers: list[int]) -> str:
    return "tracks " + ", ".join(map(str, numbers)) if len(numbers) > 1 else f"track {numbers[0]}"
