"""No unit test of db/ that takes a store escapes PostgreSQL by being forgotten."""

import ast
import re
from pathlib import Path

from tests.integration.db.conftest import ABOUT_SQLITE, FOLDER

ROOT = Path(__file__).resolve().parents[3]
UNIT_TESTS = sorted((ROOT / "tests" / "unit" / "db").rglob("test_*.py"))


def test_every_module_whose_tests_take_a_store_is_collected_here():
    taking = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for path in UNIT_TESTS
        if re.search(r"\bstore(_url)?: ", path.read_text())
    }
    collected = {
        name
        for path in FOLDER.rglob("test_*.py")
        for name in re.findall(r"^from (tests\.unit\.db\.[\w.]+) import \*", path.read_text(), re.MULTILINE)
    }
    assert collected == taking


def test_every_test_named_as_sqlites_own_exists():
    names = {
        node.name
        for path in UNIT_TESTS
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef)
    }
    assert set(ABOUT_SQLITE) <= names
