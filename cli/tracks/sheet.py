"""`moodline tracks sheet`: some faces of each person track, for the person who says whose they are."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from cli.options import DbOption, store_url
from cli.people.subject_options import actor
from core.errors import EnvironmentFault, InputError
from core.wording import counted

if TYPE_CHECKING:
    from cli.rendering.sheet import SheetRow
    from cli.tracks.samples import Sample
    from core.frames import RgbImage
    from core.people.subjects import Subject
    from core.tracks.document import TrackFigures
    from core.tracks.state import PersonTrack, Tracks

#: Rows of one sheet.
_MAX_ROWS: Final = 60

MediaArgument = Annotated[
    str, typer.Argument(metavar="MEDIA", help="A media's id, the start of one, or its file.", show_default=False)
]
MinSecondsOption = Annotated[
    float, typer.Option("--min-seconds", min=0, help="Leave out tracks that last for less; they are counted.")
]


def sheet(
    media: MediaArgument,
    out: Annotated[Path, typer.Option(metavar="FILE.png", help="Write the picture here.", show_default=False)],
    num_faces: Annotated[int, typer.Option("--faces", min=1, max=12, help="Pictures of each track.")] = 6,
    min_seconds: MinSecondsOption = 0.5,
    only_assigned: Annotated[
        bool, typer.Option("--only-assigned", help="Only tracks that are a subject's; all other faces are blurred.")
    ] = False,
    blur_unassigned: Annotated[
        bool, typer.Option("--blur-unassigned", help="Blur the faces that are nobody's so far.")
    ] = False,
    db: DbOption = None,
) -> None:
    """Draw a contact sheet of a media's person tracks: who is to be seen, when, for how long. Needs the video file.

    Faces of subjects who have withdrawn are blurred always. The sheet is noted for erasing, and looking is logged.
    """
    from cli.rendering.sheet import write_sheet_png
    from cli.tracks.pictures import cut_samples
    from cli.tracks.samples import choose_samples
    from db.people import audit
    from db.people.erasure import note_file
    from db.people.subjects import list_subjects
    from db.stored_media import open_media
    from db.tracks.decisions import tracks_of
    from db.tracks.spans import figures_of, stream_places

    with open_media(store_url(db), media) as found:
        with found.store.reading() as connection:
            tracks = tracks_of(connection, found.job.id)
            subjects = {subject.key: subject for subject in list_subjects(connection)}
            chosen, num_left_out = _choose(tracks, min_seconds=min_seconds, only_assigned=only_assigned)
            if not chosen:
                raise InputError(f"{found.media.path}: no track to show; `moodline tracks list` shows what there is")
            hides = _Hiding(subjects, hides_unassigned=only_assigned or blur_unassigned)
            samples = choose_samples(
                stream_places(connection, found.job.id),
                tracks,
                shown=[track.number for track in chosen],
                num_each=num_faces,
                is_hidden=hides,
            )
            figures = figures_of(connection, found.job.id, chosen)
        pictures = cut_samples(found, media, samples)
        rows = [_row(track, subjects, figures[track.number], samples, pictures) for track in chosen]
        left_out = f"; {num_left_out} shorter or further ones are not shown" if num_left_out else ""
        try:
            write_sheet_png(
                rows,
                out,
                title=f"{Path(found.media.path).name}: {len(chosen)} person tracks",
                note=f"tracks of job {found.job.id}{left_out}",
            )
        except OSError as error:
            raise EnvironmentFault(f"{out}: cannot be written ({error.strerror}); choose another place") from error
        concerned = sorted({track.subject_key for track in chosen if track.subject_key is not None})
        with found.store.writing() as connection:
            for key in concerned:
                note_file(connection, subjects[key].id, out)
                audit.record(connection, audit.AuditAction.TRACKS_SHOWN, actor=actor(), about=key)
            if not concerned:
                audit.record(connection, audit.AuditAction.TRACKS_SHOWN, actor=actor())
    typer.echo(f"wrote {out}", err=True)


class _Hiding:
    """Says whose faces must not be seen."""

    def __init__(self, subjects: "dict[str, Subject]", *, hides_unassigned: bool) -> None:
        now = datetime.now(UTC)
        self._allowed = {key for key, subject in subjects.items() if subject.consent_at(now) is not None}
        self._hides_unassigned = hides_unassigned

    def __call__(self, person: "PersonTrack | None") -> bool:
        if person is None or person.subject_key is None:
            return self._hides_unassigned
        return person.subject_key not in self._allowed


def _choose(tracks: "Tracks", *, min_seconds: float, only_assigned: bool) -> "tuple[list[PersonTrack], int]":
    """Return the tracks to be shown, in order of time, and how many are not."""
    wanted = [track for track in tracks.values() if not only_assigned or track.subject_key is not None]
    long = [track for track in wanted if track.seconds >= min_seconds]
    longest = sorted(long, key=lambda track: -track.seconds)[:_MAX_ROWS]
    return [track for track in long if track in longest], len(wanted) - len(longest)


def _row(
    track: "PersonTrack",
    subjects: "dict[str, Subject]",
    figures: "TrackFigures",
    samples: "Sequence[Sample]",
    pictures: "dict[Sample, RgbImage | None]",
) -> "SheetRow":
    from cli.rendering.sheet import SheetRow
    from cli.rendering.tracks import appears, whose

    mine = [sample for sample in samples if sample.track == track.number]
    return SheetRow(
        heading=f"track {track.number}",
        lines=(
            f"{track.first_us / 1e6:.2f} to {track.last_us / 1e6:.2f} s, {counted(figures.num_faces, 'face')}",
            f"{figures.mean_face_px:.0f} px high on average",
            f"appears {appears(figures)}",
            whose(track, subjects) or "nobody's yet",
        ),
        faces=tuple((f"{sample.face.pts_us / 1e6:.2f} s", pictures[sample]) for sample in mine),
    )
