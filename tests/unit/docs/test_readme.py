"""What the README names is real: tree, commands, settings, links."""

import ast
import re
from pathlib import Path

import pytest
import typer.main

from cli.main import app
from core.settings import Settings

ROOT = Path(__file__).resolve().parents[3]
README = (ROOT / "README.md").read_text()
PACKAGES = ("core", "video", "fer_model", "db", "producer", "worker", "training", "api", "cli", "benchmarks")
TREE_LINE = re.compile(r"^  (\S+\.py) {2,}(\S.*)$")


def tree():
    """The README's tree as {path: what it says}."""
    found, folder = {}, ""
    for line in README.splitlines():
        heading = re.match(r"^([\w/]+)/( |$)", line)
        if heading:
            folder = heading[1]
        match = TREE_LINE.match(line)
        if match:
            found[f"{folder}/{match[1]}"] = match[2]
    return found


def test_the_tree_names_every_module_and_nothing_else():
    real = {
        str(path.relative_to(ROOT))
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
        if path.name != "__init__.py" and "migrations" not in path.parts
    }
    assert set(tree()) == real


def test_every_module_says_what_it_is_and_stays_short():
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            text = path.read_text()
            assert ast.get_docstring(ast.parse(text)), f"{path} has no docstring"
            assert len(text.splitlines()) <= 300, f"{path} is long"


def test_every_command_is_named_and_every_named_command_is_real():
    real = set(typer.main.get_command(app).commands)
    named = set(re.findall(r"^\| `moodline (\w+)", README, re.MULTILINE))
    assert named == real


def test_every_setting_is_named_with_its_default():
    named = dict(re.findall(r"^\| `MOODLINE_(\w+)` \| `([^`]+)`", README, re.MULTILINE))
    assert named == {name.upper(): str(field.default) for name, field in Settings.model_fields.items()}


def test_every_make_target_is_real():
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"`?make (\w+)", README)) - {"and"} <= targets


@pytest.mark.parametrize("page", ["README.md", *(str(p.relative_to(ROOT)) for p in (ROOT / "docs").rglob("*.md"))])
def test_every_link_leads_somewhere(page):
    text = (ROOT / page).read_text()
    for link in re.findall(r"\]\((?!http)([^)#]+)", text):
        assert ((ROOT / page).parent / link).exists(), f"{page} links to {link}"


def test_a_decision_record_fits_a_page():
    for path in (ROOT / "docs" / "decisions").glob("*.md"):
        assert len(path.read_text().splitlines()) <= 40, path
