"""The baseline that a user names with `--baseline`, checked to be of the same model as the record."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from core.errors import InputError

if TYPE_CHECKING:
    from core.baseline import Baseline
    from db.store import Store


def own_baseline(store: "Store", subject_id: str, text: str, model_versions: Sequence[str]) -> "Baseline":
    """Return a subject's baseline: "newest", or by number. Raises InputError where another model made it."""
    from db.baselines import get_baseline

    if text != "newest" and not text.isdecimal():
        raise InputError(f"--baseline {text}: write newest, or a baseline's number")
    with store.reading() as connection:
        own = get_baseline(connection, subject_id, None if text == "newest" else int(text))
    if tuple(model_versions) != own.model_versions:
        raise InputError(
            f"--baseline {text}: was made of {', '.join(own.model_versions)}, and the record is of "
            f"{', '.join(model_versions) or 'nothing'}: make a new one with `moodline subject baseline`"
        )
    return own
