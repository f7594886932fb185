"""The models that ship: what each is, what it is for and not for, what was measured of it. Needs no torch."""

from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter
from fastapi import Path as InPath
from starlette.responses import Response

from api.parts import OwnerOf, PartsOf
from api.problems import Problem, documented
from fer_model.checkpoints.card import read_card, shipped_cards
from fer_model.checkpoints.card_text import card_document, render_card

router = APIRouter(prefix="/v1/models", tags=["models"])

ModelName = Annotated[
    str, InPath(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$", description="A shipped model's name.", examples=["small"])
]
_PAGE: dict[int | str, dict[str, Any]] = {
    200: {"description": "The page.", "content": {"text/markdown": {"schema": {"type": "string"}}}}
}


@router.get("", responses=documented())
def list_models(parts: PartsOf, _owner: OwnerOf) -> dict[str, Any]:
    """List the models that a job may name."""
    return {"models": [_document(path, default=parts.settings.model) for path in shipped_cards()]}


@router.get("/{name}/card", responses=documented())
def show_card(parts: PartsOf, _owner: OwnerOf, name: ModelName) -> dict[str, Any]:
    """Tell what a model is: uses, forbidden uses, data, protocol, figures, limits."""
    path = _path(name)
    return _document(path, default=parts.settings.model) | card_document(read_card(path))


@router.get("/{name}/card.md", responses=documented() | _PAGE, response_class=Response)
def show_page(_owner: OwnerOf, name: ModelName) -> Response:
    """Give a model's card out as a page."""
    return Response(render_card(read_card(_path(name))), media_type="text/markdown; charset=utf-8")


def _path(name: str) -> Path:
    found = next((path for path in shipped_cards() if path.stem == name), None)
    if found is None:
        raise Problem(404, "NO_SUCH_MODEL", f"no model is called {name}: GET /v1/models lists them")
    return found


def _document(path: Path, *, default: str) -> dict[str, Any]:
    card, weights = read_card(path), path.with_suffix(".safetensors")
    return {
        "name": path.stem,
        "model_version": card.version,
        "sha256": card.sha256,
        "num_parameters": card.figures.get("num_parameters"),
        "size_bytes": weights.stat().st_size if weights.is_file() else None,
        "is_default": path.stem == default,
    }
