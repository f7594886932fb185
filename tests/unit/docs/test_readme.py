"""What the README and docs/modules.md name is real: folders, modules, commands, settings, links."""

import ast
import re
from collections import Counter
from pathlib import Path

import pytest
import typer.main

from cli.main import app
from core.settings import Settings

ROOT = Path(__file__).resolve().parents[3]
README = (ROOT / "README.md").read_text()
PACKAGES = ("core", "video", "fer_model", "db", "producer", "worker", "training", "api", "cli", "benchmarks")
MODULES = (ROOT / "docs" / "modules.md").read_text()
MODULE_LINE = re.compile(r"^  (\S+\.py) +(\S.*)$")
FOLDER_LINE = re.compile(r"^( {2})?(\w+)/ +\S")


def modules():
    """The modules that docs/modules.md names, as paths."""
    found, folder = [], ""
    for line in MODULES.splitlines():
        if heading := re.match(r"^([\w/]+)/( |$)", line):
            folder = heading[1]
        if match := MODULE_LINE.match(line):
            found.append(f"{folder}/{match[1]}")
    return found


def folders():
    """The folders of the README's tree, as paths."""
    found, top = [], ""
    for line in README.splitlines():
        if match := FOLDER_LINE.match(line):
            inside, name = match.groups()
            top = top if inside else name
            found.append(f"{top}/{name}" if inside else name)
    return found


def real_modules():
    return {
        path.relative_to(ROOT)
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
        if path.name != "__init__.py" and "migrations" not in path.parts
    }


def test_every_module_is_named_once_and_nothing_else():
    assert sorted(modules()) == sorted(map(str, real_modules()))


def test_the_tree_names_every_folder_of_modules():
    assert {str(path.parent) for path in real_modules()} <= set(folders())
    assert all((ROOT / folder).is_dir() for folder in folders())


def test_a_folder_can_be_taken_in_at_a_glance():
    counts = Counter(path.parent for path in real_modules())
    assert {str(folder): count for folder, count in counts.items() if count > 26} == {}


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


def test_commands_stand_under_the_heads_that_help_shows():
    shown, named, head = {}, {}, ""
    for name, command in typer.main.get_command(app).commands.items():
        shown.setdefault(command.rich_help_panel, set()).add(name)
    for line in README.splitlines():
        if heading := re.match(r"^\| \*\*(.+)\*\* \| \|$", line):
            head = heading[1]
        if command := re.match(r"^\| `moodline (\w+)", line):
            named.setdefault(head, set()).add(command[1])
    assert named == shown


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
