"""Files that a model's card names, checked before use: by SHA-256, and by the crop rule they were made for."""

import hashlib
from pathlib import Path

from core.errors import EnvironmentFault
from fer_model.checkpoints.card import ModelCard
from fer_model.crop import CROP_RULE


def read_checked(path: Path, sha256: str | None) -> bytes:
    """Read a file that a card names. Raises EnvironmentFault where it is missing or is not the one that is named."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise EnvironmentFault(f"{path}: cannot be read ({error.strerror}); reinstall moodline") from error
    found = hashlib.sha256(content).hexdigest()
    if found != sha256:
        raise EnvironmentFault(f"{path}: SHA-256 is {found}, the card says {sha256}; reinstall moodline")
    return content


def refuse_other_crops(card: ModelCard, card_path: Path) -> None:
    """Raise EnvironmentFault where a checkpoint was made for another crop rule than this code's."""
    if card.crop_rule != CROP_RULE:
        raise EnvironmentFault(
            f"{card_path}: made for the crop rule {card.crop_rule!r}, this code crops by {CROP_RULE!r}"
        )
