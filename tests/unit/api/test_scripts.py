"""The pages' scripts: checked by a linter, and their own unit tests run by the node that comes with Playwright."""

import subprocess
import sys
from pathlib import Path

import playwright

ROOT = Path(__file__).parents[3]
NODE = Path(playwright.__file__).parent / "driver" / "node"


def test_the_scripts_own_tests_pass():
    tests = sorted(str(path) for path in (Path(__file__).parent / "scripts").glob("*.test.mjs"))
    assert len(tests) > 3
    done = subprocess.run([NODE, "--test", *tests], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout[-4000:]


def test_the_linter_finds_nothing():
    oxlint = Path(sys.executable).with_name("oxlint")
    command = [oxlint, "--deny-warnings", "api/pages", "tests/unit/api/scripts"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout[-4000:]
