import pytest
import torch

from training.learning.draws import Draws


def sample(draws):
    return [*draws.uniform(3).tolist(), *draws.normal(torch.Size([2])).tolist(), draws.number(), draws.share(0.2)]


def test_a_seed_decides_everything_that_is_drawn():
    assert sample(Draws.seeded(1)) == sample(Draws.seeded(1))
    assert sample(Draws.seeded(1)) != sample(Draws.seeded(2))


def test_a_restored_state_goes_on_where_it_was_saved():
    draws = Draws.seeded(1)
    sample(draws)
    state = draws.state()
    expected = sample(draws)
    other = Draws.seeded(5)
    other.restore(state)
    assert sample(other) == expected


def test_an_order_holds_every_row_once():
    assert sorted(Draws.seeded(0).order(50).tolist()) == list(range(50))


def test_shares_are_of_a_symmetric_beta_distribution():
    draws = Draws.seeded(0)
    shares = [draws.share(0.2) for _ in range(2000)]
    assert all(0 <= share <= 1 for share in shares)
    assert sum(shares) / 2000 == pytest.approx(0.5, abs=0.03)
    assert sum(share < 0.01 or share > 0.99 for share in shares) > 800  # most of a beta(.2, .2) is at the ends
