import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.evaluation.proportion import Proportion


def test_wilsons_interval_is_the_published_one():
    # Newcombe 1998, table I, method 3: 81 of 263 and 15 of 148
    assert Proportion.of(81, 263).interval == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert Proportion.of(15, 148).interval == pytest.approx((0.0624, 0.1605), abs=5e-5)


@given(n=st.integers(1, 5000), share=st.floats(0, 1))
def test_the_interval_holds_the_share_and_stays_within_nought_and_one(n, share):
    found = Proportion.of(round(share * n), n)
    low, high = found.interval
    assert 0 <= low <= found.value + 1e-12
    assert found.value - 1e-12 <= high <= 1
    assert found.half_width == pytest.approx((high - low) / 2)


def test_of_no_rows_nothing_is_known():
    nothing = Proportion.of(0, 0)
    assert math.isnan(nothing.value)
    assert nothing.interval == (0.0, 1.0)
