"""The web pages: templates without anybody's data in them; their scripts ask the API for it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from fastapi import APIRouter
from jinja2 import Environment, FileSystemLoader, select_autoescape
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.staticfiles import StaticFiles

from api.gate import OPEN_PREFIX
from core.documents import NOTICE

FOLDER: Final = Path(__file__).parent.parent / "pages"

#: What a page may load: this server's own scripts, pictures, answers. Plotly sets styles, so those may be inline.
_HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' blob: data:; media-src 'self' blob:; "
        "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=()",
    "Cache-Control": "no-cache",
}


@dataclass(frozen=True, kw_only=True)
class Page:
    """A page of the navigation, or one that is reached from others."""

    path: str
    template: str
    name: str | None = None  # in the navigation; None: not there


PAGES: Final = (
    Page(path="/", template="upload.html", name="Upload"),
    Page(path="/archive", template="archive.html", name="Archive"),
    Page(path="/timeline", template="timeline.html"),
    Page(path="/subjects", template="subjects.html", name="Subjects"),
    Page(path="/subject", template="subject.html"),
    Page(path="/picture", template="picture.html", name="Picture"),
    Page(path="/webcam", template="webcam.html", name="Webcam"),
    Page(path="/model", template="model.html", name="About the model"),
)


def page_router() -> APIRouter:
    """Return the routes of all pages, outside the API's description."""
    router = APIRouter(include_in_schema=False)
    for page, content in _rendered(PAGES):
        router.add_api_route(page.path, _answering(content), methods=["GET", "HEAD"], response_class=HTMLResponse)
    router.add_api_route(f"{OPEN_PREFIX}plotly.min.js", _plotly, methods=["GET", "HEAD"], response_class=Response)
    return router


def static_files() -> StaticFiles:
    """Return what pages load besides: styles, scripts, the icon."""
    return StaticFiles(directory=FOLDER / "static")


def _rendered(pages: Iterable[Page]) -> Iterable[tuple[Page, str]]:
    """Yield each page's text; nothing in it changes while the server runs."""
    templates = Environment(loader=FileSystemLoader(FOLDER / "templates"), autoescape=select_autoescape())
    named = [page for page in PAGES if page.name is not None]
    for page in pages:
        template = templates.get_template(page.template)
        yield page, template.render(pages=named, here=page.path, notice=NOTICE, version=version("moodline"))


def _answering(content: str) -> Callable[[], HTMLResponse]:
    def show() -> HTMLResponse:
        return HTMLResponse(content, headers=_HEADERS)

    return show


def _plotly() -> FileResponse:
    """Give out the script that comes inside the plotly package, without importing the package."""
    found = find_spec("plotly")
    assert found is not None, "plotly comes with moodline[api]"
    assert found.origin is not None, "plotly is a package with files"
    script = Path(found.origin).parent / "package_data" / "plotly.min.js"
    return FileResponse(script, media_type="text/javascript", headers={"Cache-Control": "private, max-age=86400"})
