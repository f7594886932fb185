"""A forecast on disk: weights as safetensors, and a JSON card that says what they are and what they are worth.

The card names the sessions that were learned from by digests only, so that an evaluation can leave them out.
"""

import dataclasses
import hashlib
import json
from pathlib import Path
from typing import Any, Final

from safetensors.torch import load, save

from core.errors import EnvironmentFault, InputError
from training.mood_sequence.network import MoodGru

WEIGHTS: Final = "forecast.safetensors"
CARD: Final = "forecast.json"


@dataclasses.dataclass(frozen=True, kw_only=True)
class ForecastCard:
    """What a forecast's weights are."""

    sha256: str  # of the weights, lower-case hex
    num_hidden: int
    bin_us: int  # width of the bins that it was made for
    model_version: str  # the classifier whose readings it was made of
    study_id: str | None  # whose history; None: the whole store's
    seed: int
    half_life_bins: float  # of the moving average that it is compared with
    mean_probs: tuple[float, ...]  # (7,) of what was learned from
    known_sessions: tuple[str, ...]  # digests of those that were learned from or watched
    best_epoch: int  # 0: it learned nothing, and says that all stays
    evaluation: dict[str, Any]  # on the sessions that were held out (training/mood_sequence/document.py)


def save_forecast(network: MoodGru, card_fields: dict[str, Any], folder: Path) -> ForecastCard:
    """Write both files into a folder that is there; the network itself says the weights' SHA-256 and its size."""
    content = save({name: value.contiguous() for name, value in network.state_dict().items()})
    card = ForecastCard(sha256=hashlib.sha256(content).hexdigest(), num_hidden=network.num_hidden, **card_fields)
    (folder / WEIGHTS).write_bytes(content)
    (folder / CARD).write_text(json.dumps(dataclasses.asdict(card), indent=2) + "\n", encoding="utf-8")
    return card


def load_forecast(folder: Path) -> tuple[MoodGru, ForecastCard]:
    """Load a forecast. Raises InputError where the folder holds none, EnvironmentFault where its files do not fit."""
    card_path, weights_path = folder / CARD, folder / WEIGHTS
    if not card_path.is_file():
        raise InputError(f"{folder}: holds no forecast ({CARD}); `moodline forecast train --out {folder}` makes one")
    try:
        fields = json.loads(card_path.read_text(encoding="utf-8"))
        lists = {name: tuple(fields[name]) for name in ("mean_probs", "known_sessions")}
        card = ForecastCard(**fields | lists)
        content = weights_path.read_bytes()
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise EnvironmentFault(f"{folder}: not a readable forecast ({error}); train it again") from error
    if hashlib.sha256(content).hexdigest() != card.sha256:
        raise EnvironmentFault(f"{weights_path}: is not what {CARD} names (SHA-256); train it again")
    network = MoodGru(num_hidden=card.num_hidden)
    try:
        network.load_state_dict(load(content), strict=True)
    except RuntimeError as error:
        raise EnvironmentFault(f"{weights_path}: does not fit the network that {CARD} describes") from error
    return network.eval().requires_grad_(False), card
