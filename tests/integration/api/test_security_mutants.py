"""Does every security test bite? Each control is taken out of a copy of the code: the test named for it turns red."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.mutants import broken, copy_code
from tests.security import access, answers, people, uploads
from tests.warm_pytest import WarmPytest, warm_pytest

MUTANTS = {**access.MUTANTS, **uploads.MUTANTS, **answers.MUTANTS, **people.MUTANTS}
PACKAGES = ("api", "cli", "core", "db", "fer_model", "producer", "tests", "video", "worker")


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The code, to be broken and mended again."""
    return copy_code(tmp_path_factory.mktemp("copy"), PACKAGES)


@pytest.fixture(scope="module")
def tests(copy: Path) -> Iterator[WarmPytest]:
    """Runs tests of the copy."""
    with warm_pytest(copy) as running:
        yield running


def test_the_whole_copy_is_green(tests: WarmPytest):
    outcome = tests.run(*sorted({mutant.noticed_by for mutant in MUTANTS.values()}))
    assert (outcome.num_failed, outcome.num_errors) == (0, 0), f"red without a mutant: {outcome.said}"
    assert outcome.num_passed >= len({mutant.noticed_by for mutant in MUTANTS.values()})


@pytest.mark.parametrize("name", MUTANTS)
def test_a_control_taken_out_turns_its_test_red(name: str, copy: Path, tests: WarmPytest):
    with broken(copy, MUTANTS[name]):
        outcome = tests.run(MUTANTS[name].noticed_by)
    print(outcome.said)
    assert outcome.num_errors == 0, f"the mutant does not even start: {outcome.said}"
    assert outcome.num_failed == 1, f"nobody notices: {name}"
