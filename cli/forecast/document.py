"""A media's last bins and the forecast of the next ones as JSON; every foretold value is marked as such."""

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from core.documents import NOTICE, probs_document
from core.emotions import top_emotion
from core.errors import InputError

if TYPE_CHECKING:
    from core.timeline import Timeline
    from training.mood_sequence.model_file import ForecastCard
    from training.mood_sequence.network import MoodGru

#: Bins before the forecast that are given with it.
_NUM_BINS_BEFORE: Final = 20


def forecast_document(network: "MoodGru", card: "ForecastCard", timeline: "Timeline") -> dict[str, Any]:
    """Put what was read and what is foretold side by side. Raises InputError where nothing was read lately."""
    from training.mood_sequence.forecast import forecast, smoothed
    from training.mood_sequence.network import HORIZON
    from training.mood_sequence.series import MAX_BINS, MAX_GAP_BINS, series_of

    points = timeline.points[-MAX_BINS:]
    if not any(point.probs for point in points[-MAX_GAP_BINS:]):
        raise InputError(f"media {timeline.media_id}: no reading counts in its last {MAX_GAP_BINS} bins: no forecast")
    told = forecast(network, series_of(points, session=timeline.media_id))
    expected = smoothed(told)
    first = max(0, len(points) - _NUM_BINS_BEFORE)
    return {
        "media_id": timeline.media_id,
        "model_version": timeline.model_version,
        "bin_seconds": card.bin_us / 1e6,
        "verdict": card.evaluation["verdict"],
        "notice": NOTICE,
        "bins": [
            {
                "kind": "read" if point.probs else "gap",
                "start_seconds": point.start_seconds,
                "probs": None if point.probs is None else probs_document(point.probs),
                "top": point.top,
                "smoothed": None
                if np.isnan(expected[index]).any()
                else probs_document(tuple(expected[index].tolist())),
            }
            for index, point in enumerate(points)
            if index >= first
        ],
        "forecast": [
            {
                "kind": "forecast",
                "start_seconds": (points[-1].start_us + ahead * card.bin_us) / 1e6,
                "num_bins_ahead": ahead,
                "probs": probs_document(tuple(told[-1, ahead - 1].tolist())),
                "top": top_emotion(tuple(told[-1, ahead - 1].tolist())),
            }
            for ahead in range(1, HORIZON + 1)
        ],
    }
