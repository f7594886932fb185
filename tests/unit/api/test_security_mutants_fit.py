"""The security mutants fit the code and stand in docs/security.md: found here at once, not there after minutes."""

import pytest

from tests.integration.api.test_security_mutants import MUTANTS
from tests.mutants import REPOSITORY, assert_fits


@pytest.mark.parametrize("name", MUTANTS)
def test_a_mutant_changes_one_place_and_stays_python(name: str):
    assert_fits(MUTANTS[name])


def test_every_mutant_is_in_the_page_of_threats():
    page = (REPOSITORY / "docs" / "security.md").read_text(encoding="utf-8")
    assert not [name for name in MUTANTS if f"`{name}`" not in page]
