"""pytest at a second a run: a process that has imported what others wrote, and forks to test a folder's own code.

Run in the folder (`python -m tests.warm_pytest`) it reads a line of node ids as JSON and answers with a line.
"""

import gc
import importlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

import pytest

#: What takes long to import and is nobody's to break here.
_OTHERS = (
    "alembic.config", "anyio._backends._asyncio", "av", "concurrent.futures.process", "cv2", "fastapi.testclient",
    "hypothesis", "jinja2", "numpy.random", "prometheus_client.core", "psycopg", "pydantic.v1", "pydantic_settings",
    "redis.asyncio", "sqlalchemy.dialects.postgresql.psycopg", "sqlalchemy.dialects.sqlite", "sqlalchemy.orm",
    "sqlite3", "tenacity", "typer.testing", "uvicorn", "xml.etree.ElementTree",
)  # fmt: skip


@dataclass(kw_only=True)
class Outcome:
    """What became of some tests."""

    num_passed: int = 0
    num_failed: int = 0
    num_errors: int = 0  # in fixtures and imports: a mutant that does not even start was noticed by no test
    said: list[str] = field(default_factory=list)  # of each failure and error, its first line


class WarmPytest:
    """The process, and how to ask it."""

    def __init__(self, folder: Path, process: "subprocess.Popen[str]") -> None:
        self._folder = folder
        self._process = process

    def run(self, *tests: str) -> Outcome:
        """Run tests by their node ids."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(tests) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        assert answer, (self._folder / "pytest.log").read_text()
        return Outcome(**json.loads(answer))


@contextmanager
def warm_pytest(folder: Path) -> Iterator[WarmPytest]:
    """Have such a process over a folder of code for as long as the block."""
    environment = os.environ | {"PYTHONPATH": str(folder), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # whole copies are imported again and again
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.warm_pytest"],
        cwd=folder,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        try:
            yield WarmPytest(folder, process)
        finally:
            assert process.stdin is not None
            process.stdin.close()


class _Counting:
    """Counts what becomes of tests."""

    def __init__(self) -> None:
        self.outcome = Outcome()

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self._note_error(report)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed and report.when == "call":
            self.outcome.num_failed += 1
            self.outcome.said.append(_first_line(report))
        elif report.failed:
            self._note_error(report)
        elif report.passed and report.when == "call":
            self.outcome.num_passed += 1

    def _note_error(self, report: pytest.CollectReport | pytest.TestReport) -> None:
        self.outcome.num_errors += 1
        self.outcome.said.append(_first_line(report))


def _first_line(report: pytest.CollectReport | pytest.TestReport) -> str:
    crash = getattr(report.longrepr, "reprcrash", None)
    words = report.longreprtext if crash is None else crash.message
    return f"{report.nodeid}: {words.splitlines()[0] if words else ''}"


def _run(tests: list[str], log: int, answer: int) -> None:
    """Run tests in this process, which ends with it."""
    os.dup2(log, 1)
    os.dup2(log, 2)
    counting = _Counting()
    code = pytest.main(["-q", "-x", "-p", "no:cacheprovider", "-p", "pytest_timeout", *tests], plugins=[counting])
    if code not in (0, 1):
        counting.outcome.num_errors += 1
        counting.outcome.said.append(f"pytest ended with {code}")
    os.write(answer, json.dumps(asdict(counting.outcome)).encode())


def _serve() -> None:
    for name in _OTHERS:
        importlib.import_module(name)
    gc.freeze()  # or each child would look through all of it
    log = os.open("pytest.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for line in sys.stdin:
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            try:
                _run(json.loads(line), log, writing)
            finally:
                os._exit(0)
        os.close(writing)
        with os.fdopen(reading) as pipe:
            answer = pipe.read()
        os.waitpid(child, 0)
        print(answer or json.dumps(asdict(Outcome(num_errors=1, said=["the process of the tests died"]))), flush=True)


if __name__ == "__main__":
    _serve()
