"""Made-up sequences of readings: one with a course that can be learned, one with none."""

import numpy as np

from core.emotions import EMOTIONS
from training.mood_sequence.series import MoodSeries


def oscillating(session: str, seed: int, *, num_bins: int = 120) -> MoodSeries:
    """Happy and sad swing after every push and fade: a damped oscillation with a period of 24 bins, and gaps."""
    draw = np.random.default_rng(seed)
    place, speed, places = draw.normal(0, 2), draw.normal(0, 0.5), []
    for _ in range(num_bins):
        push = draw.normal(0, 1.5) if draw.random() < 0.02 else 0.0
        speed += -((2 * np.pi / 24) ** 2) * place - 0.02 * speed + push
        place += speed
        places.append(place)
    logits = np.zeros((num_bins, len(EMOTIONS)))
    logits[:, EMOTIONS.index("happy")] = places
    logits[:, EMOTIONS.index("sad")] = -np.array(places)
    logits += draw.normal(0, 0.05, logits.shape)
    weights = np.exp(logits)
    is_seen = draw.random(num_bins) > 0.1
    return MoodSeries(
        session=session, probs=(weights / weights.sum(axis=1, keepdims=True)).astype(np.float32), is_seen=is_seen
    )


def wandering(session: str, seed: int, *, num_bins: int = 120) -> MoodSeries:
    """Each bin is drawn around the one before, whose mean it has: what was last seen is the best forecast there is."""
    draw = np.random.default_rng(seed)
    probs = np.empty((num_bins, len(EMOTIONS)))
    probs[0] = draw.dirichlet(np.full(len(EMOTIONS), 5.0))
    for index in range(1, num_bins):
        probs[index] = draw.dirichlet(1_000 * np.maximum(probs[index - 1], 1e-3))
    return MoodSeries(session=session, probs=probs.astype(np.float32), is_seen=np.ones(num_bins, dtype=bool))
