"""A checkpoint's card: what the weights are, how to rebuild and read them, and what was measured of them.

Reads JSON only, without torch, so that a producer can name a model version.
"""

import dataclasses
import hashlib
import json
from importlib import resources
from pathlib import Path
from typing import Any, Final

from core.errors import EnvironmentFault, InputError

#: How many views of a picture a model may average: the picture alone, or the picture and its mirror image.
VIEWS: Final = (1, 2)

#: The fields on which stored rows depend; what was measured of a model may be measured again.
_DECIDES_ROWS: Final = ("sha256", "emotions", "crop_rule", "network", "ferplus_temperature", "abstain_below", "views")


@dataclasses.dataclass(frozen=True, kw_only=True)
class ModelCard:
    """Travels beside the weights as JSON; every stored row leads back to it by the model version."""

    name: str  # the recipe's: "small"
    sha256: str  # of the .safetensors file, lower-case hex
    emotions: tuple[str, ...]  # order of the probabilities
    crop_rule: str  # fer_model.crop.CROP_RULE of the code that it was made for
    network: dict[str, Any]  # fer_model.network.NetworkShape's fields; num_members of an ensemble
    fer2013_temperature: float  # divides the FER2013 head's logits
    ferplus_temperature: float  # divides the FER+ head's logits
    abstain_below: float  # a reading whose top answer of ten is less probable than this is not counted
    figures: dict[str, Any]  # measured accuracies and calibration, each with its n and split
    training: dict[str, Any]  # recipe, data, commit, command, date
    graph_sha256: str | None = None  # of NAME.onnx beside it, which serves on a CPU; None: there is none, torch does
    views: int = 1  # whose probabilities are averaged, one of VIEWS; a card that says nothing means the picture alone

    def __post_init__(self) -> None:
        if self.views not in VIEWS:
            raise ValueError(f"views must be one of {VIEWS}, got {self.views!r}")

    @property
    def version(self) -> str:
        """Name of exactly these weights read in exactly this way: "small-" and twelve digits of a SHA-256.

        Not the weights' digest alone: another temperature or threshold over the same weights makes other rows.
        """
        reading = {name: getattr(self, name) for name in _DECIDES_ROWS}
        digest = hashlib.sha256(json.dumps(reading, sort_keys=True).encode()).hexdigest()
        return f"{self.name}-{digest[:12]}"

    def to_json(self) -> str:
        """Return the card as it is stored, keys in order."""
        return json.dumps(dataclasses.asdict(self), indent=2) + "\n"


def read_card(path: Path) -> ModelCard:
    """Read a card. Raises EnvironmentFault where the file is missing or is no card."""
    try:
        fields = json.loads(path.read_text(encoding="utf-8"))
        fields["emotions"] = tuple(fields["emotions"])
        return ModelCard(**fields)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise EnvironmentFault(f"{path}: not a readable model card ({error}); reinstall moodline") from error


def find_version(version: str, *, more_cards: Path | None = None) -> Path | None:
    """Return the card of exactly this model version, shipped or in the folder `more_cards`; None: it is not here."""
    folders = [_shipped_weights(), *([more_cards] if more_cards else [])]
    cards = (path for folder in folders for path in sorted(folder.glob("*.json")))
    return next((path for path in cards if read_card(path).version == version), None)


def shipped_cards() -> list[Path]:
    """Return the cards of the models that ship with Moodline, by name."""
    return sorted(_shipped_weights().glob("*.json"))


def find_card(model: str) -> Path:
    """Return the card of a model that ships with Moodline ("small") or of a checkpoint given by its card's path."""
    if model.endswith(".json"):
        if not Path(model).is_file():
            raise InputError(f"{model}: no such card; give the path of a checkpoint's .json or a shipped model's name")
        return Path(model)
    shipped = _shipped_weights()
    names = [card.stem for card in shipped_cards()]
    if model not in names:
        raise InputError(
            f"no model is called {model!r}; choose one of {', '.join(names)} or give a card's path (.json)"
        )
    return shipped / f"{model}.json"


def _shipped_weights() -> Path:
    return Path(str(resources.files("fer_model") / "weights"))
