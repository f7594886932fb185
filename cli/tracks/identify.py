"""`moodline tracks identify`: whom person tracks look like, by weights that the user brings. It only proposes."""

import sys
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.options import DbOption, store_url
from cli.people.subject_options import actor
from cli.tracks.sheet import MediaArgument, MinSecondsOption
from core.errors import InputError

if TYPE_CHECKING:
    from cli.tracks.samples import Sample
    from core.frames import RgbImage
    from core.tracks.likeness import Embedding, Proposal
    from fer_model.identity import Embedder


def identify(
    media: MediaArgument,
    weights: Annotated[
        Path,
        typer.Option(
            metavar="FILE",
            help="Weights of facenet-pytorch's InceptionResnetV1; none come with Moodline.",
            show_default=False,
            readable=False,
        ),
    ],
    study: Annotated[str, typer.Option(metavar="STUDY", help="Whose subjects to compare with.", show_default=False)],
    min_likeness: Annotated[float, typer.Option(min=-1, max=1, help="Less alike is unknown.")] = 0.6,
    min_margin: Annotated[float, typer.Option(min=0, max=2, help="Unknown if another is alike within this.")] = 0.15,
    num_faces: Annotated[int, typer.Option("--faces", min=1, max=50, help="Faces of each track to look at.")] = 8,
    min_seconds: MinSecondsOption = 0.5,
    db: DbOption = None,
) -> None:
    """Propose whose tracks are: compare faces with those of subjects whose consent covers that (--identity).

    Tracks that are such a subject's are enrolled; those that are nobody's are compared and not kept; all others are
    left alone. Nothing is assigned.
    """
    from cli.tracks.pictures import cut_samples
    from cli.tracks.samples import choose_samples
    from core.tracks.likeness import Clarity, propose
    from db.people import audit
    from db.people.embeddings import enrol, enrolled, identifiable
    from db.people.studies import get_study
    from db.stored_media import open_media
    from db.tracks.decisions import decisions_of, tracks_of
    from db.tracks.spans import stream_places
    from fer_model.identity import load_embedder

    with open_media(store_url(db), media) as found:
        with found.store.reading() as connection:
            get_study(connection, study)
            subjects = identifiable(connection, study)
            if not subjects:
                raise InputError(
                    f"study {study}: no subject has a consent that holds and covers comparing faces; record one with "
                    "`moodline subject consent SUBJECT --version V --identity`"
                )
            embedder = load_embedder(weights)
            tracks = tracks_of(connection, found.job.id)
            known = {number: track.subject_key for number, track in tracks.items() if track.subject_key in subjects}
            num_decisions = len(decisions_of(connection, found.job.id))
            nobodys = [n for n, track in tracks.items() if track.subject_key is None and track.seconds >= min_seconds]
            samples = choose_samples(
                stream_places(connection, found.job.id),
                tracks,
                shown=[*known, *nobodys],
                num_each=num_faces,
                is_hidden=lambda person: (
                    person is not None and person.subject_key is not None and person.subject_key not in subjects
                ),
            )
        embeddings = _embed(embedder, cut_samples(found, media, samples))
        own = {number: (key, embeddings[number]) for number, key in known.items() if key and number in embeddings}
        compared = {number: embeddings[number] for number in nobodys if number in embeddings}
        with found.store.writing() as connection:
            if len(decisions_of(connection, found.job.id)) != num_decisions:
                raise InputError(f"{found.media.path}: somebody decided about its tracks meanwhile; run this again")
            allowed = identifiable(connection, study)
            own = {number: (key, embedding) for number, (key, embedding) in own.items() if key in allowed}
            enrol(connection, found.job.id, own, weights_sha256=embedder.weights_sha256)
            faces = enrolled(connection, study, weights_sha256=embedder.weights_sha256)
            for key in sorted({key for key, _ in own.values()}):
                audit.record(connection, audit.AuditAction.FACE_ENROLLED, actor=actor(), about=key)
            for key in sorted(key for key, subject in subjects.items() if compared and subject.id in faces):
                audit.record(connection, audit.AuditAction.FACE_COMPARED, actor=actor(), about=key)
    proposals = propose(compared, faces, Clarity(min_likeness=min_likeness, min_margin=min_margin))
    _print(proposals, num_enrolled=len(faces))


def _embed(embedder: "Embedder", pictures: "dict[Sample, RgbImage | None]") -> "dict[int, Embedding]":
    """Return the mean embedding of each person track of which a face can be seen."""
    from core.tracks.likeness import mean_embedding

    seen = [(sample.track, picture) for sample, picture in pictures.items() if picture is not None]
    of_track = defaultdict(list)
    for (track, _), embedding in zip(seen, embedder.embed([picture for _, picture in seen]), strict=True):
        of_track[track].append(embedding)
    return {track: mean_embedding(embeddings) for track, embeddings in of_track.items()}


def _print(proposals: "list[Proposal]", *, num_enrolled: int) -> None:
    from cli.rendering.tracks import proposals_table
    from cli.terminal import console_for

    console = console_for(sys.stdout)
    console.print(f"{num_enrolled} subjects are enrolled")
    console.print(proposals_table(proposals) if proposals else "no track is nobody's")
    console.print("Proposals only: look at `moodline tracks sheet`, then say it with `moodline tracks assign`.")
