"""The mutants of `make chaos` still fit the code: found here within the minute, not there after ten."""

import pytest

from tests.chaos.test_mutants import MUTANTS
from tests.mutants import assert_fits


@pytest.mark.parametrize("name", MUTANTS)
def test_a_mutant_changes_one_place_and_stays_python(name: str):
    assert_fits(MUTANTS[name])
