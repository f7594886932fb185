"""One temperature a head, so that a probability of .7 is right seven times in ten. Knows logits only."""

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional as F


def fit_temperature(logits: Tensor, targets: Tensor) -> float:
    """Return the T that makes softmax(logits / T) most likely under (N, K) target distributions (Guo et al. 2017)."""
    fixed = logits.clone()  # an inference tensor takes no part in a backward pass
    log_temperature = torch.zeros((), requires_grad=True)
    optimizer = torch.optim.LBFGS([log_temperature], max_iter=100, line_search_fn="strong_wolfe")

    def closure() -> Tensor:
        optimizer.zero_grad()
        loss = F.cross_entropy(fixed / log_temperature.exp(), targets)
        loss.backward()
        return loss

    optimizer.step(closure)
    return float(log_temperature.detach().exp())


def expected_calibration_error(
    confidence: NDArray[np.float64], right: NDArray[np.bool_ | np.float64], *, num_bins: int = 15
) -> float:
    """Mean gap between confidence and share of right answers over bins of equal mass (N,), (N,) -> 0..1.

    An answer may also be right in part: the share of people who agree with it.
    """
    order = np.argsort(confidence, kind="stable")
    gaps = [
        len(part) * abs(confidence[part].mean() - right[part].mean())
        for part in np.array_split(order, num_bins)
        if len(part)
    ]
    return float(sum(gaps) / len(confidence))
