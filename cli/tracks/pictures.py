"""Pictures of the faces that stand for person tracks, out of the media's own file."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from cli.tracks.samples import Sample
from core.errors import InputError
from core.frames import RgbImage
from db.archive.source_files import SourceFinder
from db.states import MediaKind
from db.stored_media import StoredMedia
from video.decoding.face_cuts import FaceCut, cut_spans
from video.isolation.isolation import cut_faces_isolated, probe_isolated
from video.limits import MediaLimits


def cut_samples(found: StoredMedia, reference: str, samples: Sequence[Sample]) -> dict[Sample, RgbImage | None]:
    """Cut faces out of a media's file, in a child for each place where it is entered. None: cannot be decoded.

    `reference` is what the user named the media by. Raises InputError where there is no file.
    """
    if found.media.kind is not MediaKind.FILE:
        raise InputError(f"{found.media.path}: is a camera's, of which no pictures are kept; there is nothing to draw")
    where = Path(reference) if Path(reference).is_file() else Path(found.media.path)
    path = SourceFinder().find(replace(found.media, path=str(where.absolute())))
    limits = MediaLimits()
    info = probe_isolated(path, limits=limits)
    sample_of = {
        FaceCut(frame_index=sample.face.frame_index, box=sample.face.box, hidden=sample.hidden): sample
        for sample in samples
    }
    pictures: dict[Sample, RgbImage | None] = {}
    for span, cuts in cut_spans(info, sample_of):
        cut_out = cut_faces_isolated(path, info, span, cuts, limits=limits)
        pictures |= {sample_of[cut]: picture for cut, picture in zip(cuts, cut_out, strict=True)}
    return pictures
