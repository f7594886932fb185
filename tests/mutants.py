"""Promises broken on purpose in a copy of the code: a test that stays green without its control guards nothing."""

import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import cache_from_source
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]


@dataclass(frozen=True, kw_only=True)
class Mutant:
    """A promise, how to break it, and which tests must notice."""

    file: str
    right: str
    wrong: str
    noticed_by: str  # a test file, or one test's node id
    behind: "Mutant | None" = None  # a control that would still hold alone, broken too; its own noticed_by says nothing

    def break_text(self, text: str) -> str:
        """Break the file's text, in one place."""
        assert text.count(self.right) == 1, f"{self.file}: the mutant no longer fits the code"
        return text.replace(self.right, self.wrong)


def assert_fits(mutant: Mutant) -> None:
    """Fail where a mutant, or one behind it, does not change one place of our code, or leaves it no Python."""
    text = (REPOSITORY / mutant.file).read_text(encoding="utf-8")
    broken_text = mutant.break_text(text)
    if mutant.file.endswith(".py"):
        compile(broken_text, mutant.file, "exec")
    if mutant.behind is not None:
        assert_fits(mutant.behind)


def copy_code(folder: Path, packages: Iterable[str]) -> Path:
    """Copy what is to be broken."""
    for package in packages:
        shutil.copytree(REPOSITORY / package, folder / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(REPOSITORY / "pyproject.toml", folder)
    return folder


@contextmanager
def broken(folder: Path, mutant: Mutant) -> Iterator[None]:
    """Break a copy for as long as the block."""
    path = folder / mutant.file
    text = path.read_text(encoding="utf-8")
    broken_text = mutant.break_text(text)
    compiled = Path(cache_from_source(str(path)))
    try:
        path.write_text(broken_text, encoding="utf-8")
        compiled.unlink(missing_ok=True)  # Python tells sources apart by the second and the size
        if mutant.behind is None:
            yield
        else:
            with broken(folder, mutant.behind):
                yield
    finally:
        path.write_text(text, encoding="utf-8")
        compiled.unlink(missing_ok=True)
