"""`moodline faces`: the faces of one picture, as boxes and probability bars. Stores nothing."""

from pathlib import Path
from typing import Annotated

import typer

from cli.options import MinFaceOption, MinScoreOption


def faces(
    picture: Annotated[
        Path, typer.Argument(help="A JPEG, PNG, WebP, BMP or TIFF file.", show_default=False, readable=False)
    ],
    model: Annotated[str | None, typer.Option(help="A shipped model's name or a checkpoint card's path.")] = None,
    min_face: MinFaceOption = 40,
    min_score: MinScoreOption = 0.8,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Find the faces in a picture and show what each appears to express."""
    import json

    from cli.rendering.faces import render_faces
    from cli.videos.analysis_session import analysis_parameters
    from core.documents import NOTICE, face_document
    from core.settings import load_settings
    from fer_model.checkpoints.card import find_card
    from video.limits import MediaLimits
    from worker.analysis.messages import AnalyserSpec, PictureRequest
    from worker.analysis.process import AnalysisProcess

    parameters = analysis_parameters(min_face_px=min_face, min_score=min_score)
    settings = load_settings()
    spec = AnalyserSpec(card_path=find_card(model or settings.model), device=settings.device)
    with AnalysisProcess(spec, MediaLimits()) as process:
        found = process.read_picture(PictureRequest(source=picture, parameters=parameters)).faces
    if as_json:
        typer.echo(json.dumps({"notice": NOTICE, "faces": [face_document(face) for face in found]}))
    else:
        render_faces(found, name=picture.name)
