"""No unit test of db/ that takes a store escapes PostgreSQL by being forgotten."""

import ast
import re
from pathlib import Path

from tests.integration.db.conftest import ABOUT_SQLITE, FOLDER

UNIT_TESTS = sorted((Path(__file__).parents[2] / "unit" / "db").glob("test_*.py"))


def test_every_module_whose_tests_take_a_store_is_collected_here():
    taking = {path.name for path in UNIT_TESTS if re.search(r"\bstore(_url)?: ", path.read_text())}
    star = "from tests.unit.db.{} import *"
    collected = {path.name for path in FOLDER.glob("test_*.py") if star.format(path.stem) in path.read_text()}
    assert collected == taking


def test_every_test_named_as_sqlites_own_exists():
    names = {
        node.name
        for path in UNIT_TESTS
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef)
    }
    assert set(ABOUT_SQLITE) <= names
