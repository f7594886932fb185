"""An evaluation as JSON, and back: what a model's card holds and `moodline forecast evaluate --json` prints."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, Final

from training.mood_sequence.evaluation import REPORTED, HorizonResult

_DECIMALS: Final = 6


def evaluation_document(results: Sequence[HorizonResult]) -> dict[str, Any]:
    """Results by horizon, and in a word whether the network wins anywhere."""
    return {
        "measure": "Kullback-Leibler divergence, nats",
        "unit_of_sampling": "session",
        "verdict": verdict(results),
        "horizons": [_rounded(asdict(each)) | {"wins": each.wins} for each in results],
    }


def verdict(results: Sequence[HorizonResult]) -> str:
    """Say where the network is better than every rival, or that it does not win."""
    won = [str(each.num_bins_ahead) for each in results if each.wins]
    if not won:
        return "does not win"
    return "wins" if len(won) == len(REPORTED) else f"wins only {' and '.join(won)} bins ahead"


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _rounded(each) for name, each in value.items()}
    return round(value, _DECIMALS) if isinstance(value, float) else value
