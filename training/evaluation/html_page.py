"""Pieces of an HTML page that works offline: text escaped, tables, pictures inside."""

import base64
from collections.abc import Sequence
from html import escape
from importlib import resources
from string import Template

import cv2
import numpy as np
from numpy.typing import NDArray

from training.evaluation.tables import TextTable


def page(*, title: str, body: str) -> str:
    """Return a whole page around a body that is HTML already."""
    template = resources.files("training.evaluation") / "templates" / "page.html"
    return Template(template.read_text(encoding="utf-8")).substitute(title=escape(title), body=body)


def element(tag: str, text: str, *, css_class: str = "") -> str:
    """Return one element around a text, which is escaped."""
    return f"<{tag}{_class(css_class)}>{escape(text)}</{tag}>"


def html_table(table: TextTable) -> str:
    """Return a table of texts, which are escaped."""
    num_words = table.num_word_columns
    body = "".join(f"<tr>{_cells('td', row, num_words)}</tr>" for row in table.rows)
    if table.total:
        body += f'<tr class="total">{_cells("td", table.total, num_words)}</tr>'
    head = _cells("th", table.header, num_words)
    return f'<div class="scroll"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'


def svg_picture(svg: str, *, alt: str) -> str:
    """Return an SVG as an image of its own, so that its ids cannot meet another's."""
    return _image(svg.encode(), media_type="image/svg+xml", alt=alt)


def grey_picture(picture: NDArray[np.uint8], *, alt: str) -> str:
    """Return a (H, W) uint8 picture as an image."""
    return _image(cv2.imencode(".png", picture)[1].tobytes(), media_type="image/png", alt=alt)


def _image(content: bytes, *, media_type: str, alt: str) -> str:
    encoded = base64.b64encode(content).decode("ascii")
    return f'<img alt="{escape(alt)}" src="data:{media_type};base64,{encoded}">'


def _cells(tag: str, row: Sequence[str], num_words: int) -> str:
    return "".join(element(tag, cell, css_class="left" if i < num_words else "") for i, cell in enumerate(row))


def _class(name: str) -> str:
    return f' class="{escape(name)}"' if name else ""
