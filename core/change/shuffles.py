"""How likely is it that chance alone looks like this? Sessions shuffled in time, p-values, Holm's correction.

If nothing changed, any order of the sessions is as likely as the one that was. Sessions change places only with those
of their own condition, so that conditions that were filmed at different times are not taken for a change. Where
neighbouring sessions resemble each other that is not so; then some in a row are shuffled together.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

#: Statistics that differ by less are equal: the same sum in another order.
_DECIMALS = 9


def shuffles(
    conditions: Sequence[str | None], num_shuffles: int, *, seed: int, num_together: int = 1
) -> NDArray[np.intp]:
    """Return (1 + num_shuffles, N) orders of the sessions; the first is the one that was.

    With `num_together` above 1, so many sessions in a row stay side by side, whatever their conditions.
    """
    draw = np.random.default_rng(seed)
    if num_together > 1:
        return _shuffled_blocks(len(conditions), num_shuffles, num_together, draw)
    orders = np.tile(np.arange(len(conditions)), (1 + num_shuffles, 1))
    for condition in sorted(set(conditions), key=str):
        mine = np.array([index for index, each in enumerate(conditions) if each == condition])
        orders[1:, mine] = draw.permuted(np.tile(mine, (num_shuffles, 1)), axis=1)
    return orders


def _shuffled_blocks(num: int, num_shuffles: int, num_together: int, draw: np.random.Generator) -> NDArray[np.intp]:
    orders = [np.arange(num)]
    for _ in range(num_shuffles):
        first = int(draw.integers(num_together))  # so that blocks begin anywhere
        blocks = np.split(np.arange(num), range(first or num_together, num, num_together))
        orders.append(np.concatenate([blocks[index] for index in draw.permutation(len(blocks))]))
    return np.array(orders)


def p_values(statistics: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return for each of B orders the share of all of them whose statistic is as large; (K, B) in and out.

    An order counts itself, so that no p-value is zero (Phipson and Smyth 2010).
    """
    rounded = np.round(statistics, _DECIMALS)
    num_orders = rounded.shape[1]
    ranked = np.sort(rounded, axis=1)
    smaller = [np.searchsorted(row, mine, side="left") for row, mine in zip(ranked, rounded, strict=True)]
    return (num_orders - np.array(smaller).reshape(rounded.shape)) / num_orders


def holm(p: NDArray[np.float64]) -> NDArray[np.float64]:
    """Correct K p-values for having looked K times (Holm 1979); (K, B) in and out, each column on its own."""
    order = np.argsort(p, axis=0, kind="stable")
    steps = np.take_along_axis(p, order, axis=0) * np.arange(len(p), 0, -1)[:, None]
    corrected = np.empty_like(p)
    np.put_along_axis(corrected, order, np.minimum(np.maximum.accumulate(steps, axis=0), 1.0), axis=0)
    return corrected
