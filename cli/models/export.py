"""`moodline export`: a model for use without Moodline."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from cli.options import writable_folder


class ExportFormat(StrEnum):
    """What a model can be exported as."""

    ONNX = "onnx"
    SAFETENSORS = "safetensors"


def export(
    model: Annotated[str, typer.Argument(help="A shipped model's name or a card's path.", show_default=False)],
    out: Annotated[Path, typer.Option(metavar="DIR", help="The folder to write into.", show_default=False)],
    formats: Annotated[
        list[ExportFormat] | None,
        typer.Option("--format", help="Repeat it for several; default both.", show_default=False),
    ] = None,
) -> None:
    """Write a model as ONNX (grey levels in, probabilities out) and as its own weights and card."""
    from fer_model.checkpoints.card import find_card
    from fer_model.checkpoints.export import export_onnx, export_safetensors

    wanted = set(formats or ExportFormat)
    card_path, folder = find_card(model), writable_folder(out)
    written: list[Path] = []
    if ExportFormat.ONNX in wanted:
        written.append(export_onnx(card_path, folder))
    if ExportFormat.SAFETENSORS in wanted:
        written += export_safetensors(card_path, folder)
    for path in written:
        typer.echo(f"{path}  {path.stat().st_size:,} bytes")
