"""Years in which nothing changes: the share in which anything is told keeps the promise that the answer makes."""

import pytest
from scipy.stats import binom

from core.change.search import Search, find_changes
from tests.session_series import make_baseline, null_year

NUM_YEARS = 300
ALPHA = 0.05

#: More than this of NUM_YEARS happens once in a hundred runs, were the share exactly ALPHA.
MOST = int(binom.ppf(0.99, NUM_YEARS, ALPHA))


def share_told(*, neighbours: float, num_sessions: int, num_together: int = 1) -> tuple[int, float]:
    num_told, told_rates = 0, []
    for seed in range(NUM_YEARS):
        series = null_year(seed, num_sessions=num_sessions, neighbours=neighbours)
        search = Search(alpha=ALPHA, num_shuffles=599, num_together=num_together)
        changes = find_changes(series, search, baseline=make_baseline(series))
        assert changes.measures is not None
        assert changes.false_alarm_rate is not None
        num_told += any(each.is_changed for each in changes.measures)
        told_rates.append(changes.false_alarm_rate)
    return num_told, sum(told_rates) / NUM_YEARS


@pytest.mark.parametrize("num_sessions", [12, 40])
def test_years_without_change_are_told_changed_as_seldom_as_promised(num_sessions: int):
    num_told, told_rate = share_told(neighbours=0.0, num_sessions=num_sessions)
    print(
        f"{num_sessions} sessions: told in {num_told} of {NUM_YEARS} null years, rate that answers gave {told_rate:.3f}"
    )
    assert num_told <= MOST
    assert told_rate <= ALPHA


def test_sessions_that_hang_together_are_told_changed_too_often_unless_they_are_shuffled_together():
    """What docs/longitudinal.md warns of: shuffling does not know that neighbouring sessions resemble each other."""
    alone, _ = share_told(neighbours=0.3, num_sessions=40)
    together, _ = share_told(neighbours=0.3, num_sessions=40, num_together=5)
    print(f"neighbours .3: told in {alone} of {NUM_YEARS} null years, with --together 5 in {together}")
    assert alone > MOST
    assert together <= MOST
