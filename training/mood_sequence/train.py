"""A forecast made of histories: split, fitted, held against its rivals, written with its card."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from core.errors import InputError
from training.mood_sequence.document import evaluation_document
from training.mood_sequence.evaluation import HorizonResult, Rivals, evaluate
from training.mood_sequence.fit import Fitting, fit
from training.mood_sequence.model_file import ForecastCard, load_forecast, save_forecast
from training.mood_sequence.rivals import best_half_life, mean_probs_of
from training.mood_sequence.series import MoodSeries, pieces_of, split_sessions


@dataclass(frozen=True, kw_only=True)
class History:
    """What a forecast is made of."""

    series: tuple[MoodSeries, ...]  # one a media
    bin_us: int
    model_version: str  # the classifier that read it
    study_id: str | None  # whose it is; None: the whole store's


def train_forecast(
    history: History, folder: Path, how: Fitting, *, say: Callable[[str], None]
) -> tuple[ForecastCard, tuple[HorizonResult, ...]]:
    """Make a forecast and write it into a folder that is there; return its card and what it is worth."""
    split = split_sessions((piece for each in history.series for piece in pieces_of(each)), seed=how.seed)
    fitted = fit(split, how, say=say)
    rivals = Rivals(half_life_bins=best_half_life(split.learned), mean_probs=mean_probs_of(split.learned))
    results = evaluate(fitted.network, split.held_out, rivals, seed=how.seed)
    fields = {
        "bin_us": history.bin_us,
        "model_version": history.model_version,
        "study_id": history.study_id,
        "seed": how.seed,
        "half_life_bins": rivals.half_life_bins,
        "mean_probs": rivals.mean_probs,
        "known_sessions": tuple(sorted({each.session for each in (*split.learned, *split.watched)})),
        "best_epoch": fitted.best_epoch,
        "evaluation": evaluation_document(results),
    }
    return save_forecast(fitted.network, fields, folder), results


def evaluate_forecast(folder: Path, series: Sequence[MoodSeries]) -> tuple[HorizonResult, ...]:
    """Hold a forecast against its rivals on the sessions that it does not know."""
    network, card = load_forecast(folder)
    pieces = [piece for each in series if each.session not in card.known_sessions for piece in pieces_of(each)]
    if len({piece.session for piece in pieces}) < 2:
        raise InputError(f"{folder}: fewer than two sessions are left that it was not trained on; analyse more")
    rivals = Rivals(half_life_bins=card.half_life_bins, mean_probs=card.mean_probs)
    return evaluate(network, pieces, rivals, seed=card.seed)
