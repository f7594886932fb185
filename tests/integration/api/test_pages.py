"""Pages hold nobody's data, load nothing from elsewhere, and write strangers' words as text."""

import re

import pytest

from api.routes import pages
from api.routes.pages import FOLDER, PAGES
from cli.rendering.timeline_table import COLOURS
from core.documents import NOTICE
from core.emotions import EMOTIONS
from tests.integration.api.conftest import Served

FILES = sorted(path for path in FOLDER.rglob("*") if path.suffix in (".html", ".js", ".css", ".svg"))
SCRIPTS = [path for path in FILES if path.suffix == ".js"]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.path)
def test_a_page_is_open_and_may_load_only_what_is_ours(served: Served, page):
    answer = served.client.get(page.path)
    assert answer.status_code == 200
    assert NOTICE in answer.text
    policy = answer.headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "script-src" not in policy, "scripts fall under default-src: ours only, none inline, no eval"
    assert "frame-ancestors 'none'" in policy
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.path)
def test_a_page_holds_no_script_of_its_own_and_says_what_fields_are(served: Served, page):
    text = served.client.get(page.path).text
    assert not re.search(r"<script(?![^>]*\bsrc=)", text)
    assert not re.search(r"\son\w+=", text)
    for field in re.findall(r"<(?:input|select)\b[^>]*>", text):
        name = re.search(r'id="([^"]+)"', field)
        assert name, f"{page.path}: {field} has no id"
        labelled = rf'<label[^>]*(for="{name[1]}"|>(?:(?!</label>).)*id="{name[1]}")'
        assert re.search(labelled, text, re.DOTALL), f"{page.path}: {name[1]} has no label"


def test_what_is_put_into_a_page_is_text(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(pages, "NOTICE", "<script>alert(1)</script>")
    for page, text in pages._rendered(PAGES):
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text, page.path
        assert "<script>" not in text, page.path


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_nothing_names_another_server(path):
    found = [url for url in re.findall(r"https?://[\w.-]+", path.read_text()) if url != "http://www.w3.org"]
    assert not found


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_a_script_is_checked_and_never_writes_markup(path):
    text = path.read_text()
    assert text.startswith("// @ts-check\n/** ")
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function", text)
    assert len(text.splitlines()) <= 300


def test_the_emotions_have_the_command_lines_colours_and_order():
    style = (FOLDER / "static" / "style.css").read_text()
    assert {name: re.search(rf"--{name}: (#\w+)", style)[1] for name in EMOTIONS} == COLOURS
    script = (FOLDER / "static" / "js" / "emotions.js").read_text()
    assert re.findall(r'"(\w+)"', re.search(r"EMOTIONS = Object.freeze\(\[(.*?)\]", script)[1]) == list(EMOTIONS)


@pytest.mark.parametrize("path", ["/static/../pages/templates/base.html", "/static/%2e%2e/%2e%2e/app.py", "/static/js"])
def test_only_what_is_there_for_pages_is_given(served: Served, path):
    assert served.client.get(path).status_code in (404, 405)


def test_plotly_comes_with_the_packages(served: Served):
    answer = served.client.get("/static/plotly.min.js")
    assert answer.headers["content-type"].startswith("text/javascript")
    assert b"plotly.js" in answer.content[:100]


def test_a_page_that_is_not_there_is_a_problem(served: Served):
    answer = served.client.get("/nowhere")
    assert (answer.status_code, answer.json()["code"]) == (404, "NOT_FOUND")
