"""Test-time views: what a model answers to a picture and its mirror image, averaged. The views are fer_model's own."""

from collections.abc import Callable
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray

from fer_model.checkpoints.views import views_of
from training.evaluation.answers import Answers, mean_answers

#: (N, 48, 48) uint8 pictures -> their answers.
Answer = Callable[[NDArray[np.uint8]], Answers]

#: How many views of a picture are averaged under each name of `--views`.
NUM_VIEWS: Final = {"single": 1, "flip": 2}


def answer_views(answer: Answer, pictures: NDArray[np.uint8], *, view: str) -> Answers:
    """Average what a model answers to each view of N pictures; `view` is one of NUM_VIEWS."""
    batch = torch.from_numpy(pictures).unsqueeze(1)  # (N, 48, 48) -> (N, 1, 48, 48)
    return mean_answers([answer(seen.squeeze(1).numpy()) for seen in views_of(batch, num_views=NUM_VIEWS[view])])
