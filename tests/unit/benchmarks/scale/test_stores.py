"""Which stores may be measured: nobody's videos are emptied away."""

import pytest

from benchmarks.scale.stores import given_store
from core.errors import InputError


def test_a_given_store_that_is_no_postgresql_is_refused_before_it_is_touched(tmp_path):
    path = tmp_path / "mine.db"
    with pytest.raises(InputError, match="is no PostgreSQL"), given_store(f"sqlite:///{path}"):
        pass
    assert not path.exists()
