"""`moodline provenance` and `moodline reproduce`: where a row comes from, and making it again from its video."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from cli.options import DbOption, DeviceOption, store_url
from core.errors import EnvironmentFault, InputError
from core.wording import counted

if TYPE_CHECKING:
    from core.exports.row_manifest import RowManifest
    from db.archive.provenance import FrameOrigin
    from worker.reproducing import Reproduction

#: What two runs of the same programs may differ by.
TOLERANCE: Final = 1e-6


def provenance(
    media: Annotated[str, typer.Argument(metavar="MEDIA", help="A media's id, or its file.", show_default=False)],
    frame_index: Annotated[int, typer.Argument(metavar="FRAME", help="A frame's frame_index.", show_default=False)],
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="Write it to this file.")] = None,
    db: DbOption = None,
) -> None:
    """Say where a stored frame comes from: media, model, parameters, programs. `reproduce` makes it again from that."""
    from db.archive.provenance import frame_origin
    from db.stored_media import open_media

    with open_media(store_url(db), media) as found, found.store.reading() as connection:
        manifest = _manifest(frame_origin(connection, found.media, found.job, frame_index)).to_json()
    if out is None:
        typer.echo(manifest, nl=False)
        return
    try:
        out.write_text(manifest, encoding="utf-8")
    except OSError as error:
        raise EnvironmentFault(f"{out}: cannot be written ({error.strerror}); choose another place") from error
    typer.echo(f"wrote {out}", err=True)


def reproduce(
    manifest: Annotated[Path, typer.Argument(metavar="ROW.json", help="What `provenance` wrote.", show_default=False)],
    video: Annotated[
        Path | None, typer.Option("--video", metavar="FILE", help="The video, where it was moved.")
    ] = None,
    device: DeviceOption = "cpu",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> int:
    """Make a stored frame again from its video, and say how far the two are apart. Needs no store.

    Exit code 1 where a probability differs by more than a millionth.
    """
    from core.exports.row_manifest import parse_row_manifest
    from core.software import installed

    try:
        wanted = parse_row_manifest(manifest.read_text(encoding="utf-8"), name=str(manifest))
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{manifest}: cannot be read ({error}); name a file that `provenance` wrote") from error
    found = _run(wanted, video or Path(wanted.path), device)
    is_same = found.worst_probability <= TOLERANCE
    here = installed(device=device)
    then = {} if wanted.software is None else wanted.software.versions
    changed = {name: [then.get(name), now] for name, now in here.versions.items() if then.get(name) != now}
    if as_json:
        document = {
            "frame_index": wanted.frame_index,
            "is_reproduced": is_same,
            "num_faces": found.num_faces,
            "num_faces_stored": len(wanted.faces),
            "worst_probability_difference": found.worst_probability if found.is_there else None,
            "worst_box_difference_px": found.worst_box_px if found.is_there else None,
            "tolerance": TOLERANCE,
            "software_changed": changed,
        }
        typer.echo(json.dumps(document))
        return 0 if is_same else 1
    if found.is_there:
        differ = (
            f"largest difference of a probability {found.worst_probability:.1e}, of a box {found.worst_box_px:.1e} px"
        )
        typer.echo(f"frame {wanted.frame_index}: {'reproduced' if is_same else 'NOT reproduced'}; {differ}")
    else:
        seen = f"{counted(found.num_faces, 'face')}, {len(wanted.faces)} stored"
        typer.echo(f"frame {wanted.frame_index}: NOT reproduced; {seen}")
    for name, (before, now) in changed.items():
        typer.echo(f"{name} was {before or 'not written down'}, and is {now}")
    return 0 if is_same else 1


def _manifest(origin: "FrameOrigin") -> "RowManifest":
    from core.exports.row_manifest import RowManifest, stored_faces
    from core.software import SoftwareVersions

    versions = None if origin.software is None else SoftwareVersions(versions=json.loads(origin.software))
    return RowManifest(
        media_sha256=origin.media.sha256,
        path=origin.media.path,
        job_id=origin.job.id,
        model_version=origin.job.model_version_id,
        model_sha256=origin.model_sha256,
        parameters=origin.job.parameters,
        span=origin.span,
        software=versions,
        frame_index=origin.frame.frame_index,
        pts_us=origin.frame.pts_us,
        status=origin.frame.status.value,
        faces=stored_faces(origin.frame),
    )


def _run(wanted: "RowManifest", video: Path, device: str) -> "Reproduction":
    from core.settings import load_settings
    from db.people.erasure import sha256_of
    from fer_model.checkpoints.card import find_version
    from video.isolation.isolation import probe_isolated
    from video.limits import MediaLimits
    from worker.analysis.messages import AnalyserSpec
    from worker.analysis.process import AnalysisProcess
    from worker.reproducing import reproduce as make_again

    card = find_version(wanted.model_version, more_cards=load_settings().models_dir)
    if card is None:
        raise InputError(
            f"model {wanted.model_version} is not here: set MOODLINE_MODELS_DIR to the folder of its card and weights"
        )
    try:
        sha256 = sha256_of(video)
    except OSError as error:
        raise InputError(f"{video}: cannot be read ({error.strerror}); say where it is with --video FILE") from error
    if sha256 != wanted.media_sha256:
        raise InputError(f"{video}: is not the video that was analysed; say where that is with --video FILE")
    limits = MediaLimits()
    info = probe_isolated(video, limits=limits)
    with AnalysisProcess(AnalyserSpec(card_path=card, device=device), limits) as process:
        return make_again(wanted, video, info, process, on_tick=lambda _: None)
