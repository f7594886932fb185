"""A store's own history as sequences of bins, for forecasts. Sessions are named by digests over random keys."""

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.errors import InputError

if TYPE_CHECKING:
    from db.people.histories import HistoryMedia
    from db.store import Store
    from training.mood_sequence.series import MoodSeries
    from training.mood_sequence.train import History


@dataclass(frozen=True, kw_only=True)
class ReadHistory:
    """What was read, of whom, and what was left out."""

    history: "History"
    subject_ids: tuple[str, ...]  # pseudonyms
    num_without_consent: int  # media
    num_shared: int


def read_history(store: "Store", *, study_id: str | None, bin_us: int) -> ReadHistory:
    """Bin every media of a study, or of the store, that may be learned from. Raises InputError where there is none."""
    from db.people.histories import histories
    from db.people.studies import get_study
    from training.mood_sequence.train import History

    with store.reading() as connection:
        if study_id is not None:
            get_study(connection, study_id)
        found = histories(connection, study_id)
    versions = sorted({each.model_version for each in found.media})
    if len(versions) != 1:
        of = "the store" if study_id is None else f"study {study_id}"
        why = (
            f"of several models ({', '.join(versions)}): `moodline reprocess` makes them of one"
            if versions
            else (f"none that may be learned from ({found.num_without_consent} media without a consent that holds now)")
        )
        raise InputError(f"{of}: its rows are {why}")
    history = History(
        series=tuple(read_series(store, each, bin_us=bin_us) for each in found.media),
        bin_us=bin_us,
        model_version=versions[0],
        study_id=study_id,
    )
    return ReadHistory(
        history=history,
        subject_ids=tuple(sorted({each.subject_id for each in found.media if each.subject_id})),
        num_without_consent=found.num_without_consent,
        num_shared=found.num_shared,
    )


def read_series(store: "Store", media: "HistoryMedia", *, bin_us: int) -> "MoodSeries":
    """Bin one media's counted readings."""
    from db.timelines.timelines import timeline
    from training.mood_sequence.series import series_of

    with store.reading() as connection:
        points = timeline(connection, media.job_id, bin_us=bin_us).points
    sitting = f"{media.subject_key}/{media.session or media.media_id}"
    return series_of(points, session=hashlib.sha256(sitting.encode()).hexdigest()[:16])
