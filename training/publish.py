"""Finished runs become a checkpoint with a card: calibrated on PublicTest without twins, then measured.

Several runs are seeds of one recipe: the first is shipped, whatever the others give, and the card tells their spread.
This is the one place where PrivateTest is read for a card; nothing may be chosen after that.
"""

import dataclasses
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from torch import nn

from core.emotions import EMOTIONS
from core.errors import InputError
from fer_model.checkpoints.card import ModelCard
from fer_model.checkpoints.checkpoint import save_checkpoint
from fer_model.crop import CROP_RULE
from fer_model.ensemble import NetworkEnsemble, ServableNetwork
from fer_model.network import EmotionNetwork, NetworkShape, num_parameters
from training.datasets.face_set import FaceSet
from training.datasets.label_sets import SEVEN
from training.evaluation.document import evaluation_figures
from training.evaluation.evaluate import SplitRows, calibration_rows, evaluate_split, rows_of_split
from training.evaluation.evaluated_model import EvaluatedModel, Member
from training.evaluation.model_sources import fitted_temperatures
from training.evaluation.vote_metrics import ABSTAIN_BELOW
from training.learning.run_folder import RunFolder
from training.recipes.registry import find_recipe
from training.runs.finished import finished_network

#: What of an evaluation a card holds; the rest is one `moodline evaluate` away.
_KEPT: Final = (
    *("n", "accuracy", "half_width_95", "macro_recall", "recall", "ece", "nll", "brier"),
    *("n_votes", "mean_share_named", "mean_confidence", "vote_ece", "unreadable_error", "abstention_rate"),
)

_VALIDATION: Final = "PublicTest"
_TEST: Final = "PrivateTest"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Provenance:
    """What the card says of where its weights come from."""

    commit: str  # whose code trained the runs
    date: str  # ISO, of publishing
    selection: str  # how these weights were chosen
    command: str  # that published them


@dataclasses.dataclass(frozen=True, kw_only=True)
class Publication:
    """What is to be written where."""

    name: str  # of the model
    out: Path
    views: int  # whose probabilities are averaged, one of fer_model.checkpoints.card.VIEWS
    provenance: Provenance


def publish(folders: Sequence[RunFolder], faces: FaceSet, what: Publication) -> ModelCard:
    """Calibrate and measure every run; write the first as a checkpoint; return its card."""
    networks = [(_finished(folder), str(folder.path)) for folder in folders]
    rows = _Rows.of(faces)
    seeds = [_measure(network, version, rows) for network, version in networks]
    figures = _card_figures(seeds[0])
    if len(seeds) > 1:
        figures["seeds"] = spread([seed.figures["single"] for seed in seeds])
        figures["seeds_flip"] = spread([seed.figures["flip"] for seed in seeds])
    return _write(seeds[0], folders[:1], figures, what)


def publish_ensemble(folders: Sequence[RunFolder], faces: FaceSet, what: Publication) -> ModelCard:
    """Write runs of one recipe as one checkpoint that answers with their mean; return its card."""
    recipes = {folder.document()["name"] for folder in folders}
    if len(folders) < 2 or len(recipes) > 1:
        raise InputError(f"an ensemble is of several runs of one recipe, got {len(folders)} of {', '.join(recipes)}")
    ensemble = NetworkEnsemble([_finished(folder) for folder in folders])
    measured = _measure(ensemble, " + ".join(str(folder.path) for folder in folders), _Rows.of(faces))
    return _write(measured, folders, _card_figures(measured), what)


@dataclasses.dataclass(frozen=True, kw_only=True)
class _Rows:
    """The rows that every network is held against, found once: twins are looked for in all pictures."""

    calibration: FaceSet
    splits: tuple[SplitRows, ...]

    @classmethod
    def of(cls, faces: FaceSet) -> "_Rows":
        splits = tuple(rows_of_split(faces, split) for split in (_VALIDATION, _TEST))
        return cls(calibration=calibration_rows(faces), splits=splits)


@dataclasses.dataclass(frozen=True, kw_only=True)
class _Measured:
    network: ServableNetwork
    fer2013_temperature: float
    ferplus_temperature: float
    figures: dict[str, dict[str, Any]]  # by view, then by split


def _finished(folder: RunFolder) -> EmotionNetwork:
    network = finished_network(folder)
    if not isinstance(network, EmotionNetwork):
        raise InputError(f"{folder.path}: only networks with both heads can be published")
    return network


def _measure(network: ServableNetwork, version: str, rows: _Rows) -> _Measured:
    network = network.eval().requires_grad_(False)
    _round_to_half(network)  # what is measured is what is shipped
    temperatures = fitted_temperatures(network, SEVEN, rows.calibration)
    if temperatures.ferplus is None:
        raise InputError("the product speaks with the FER+ head, which needs FER+'s votes to be calibrated: --votes")
    member = Member(version=version, network=network, label_set=SEVEN, temperatures=temperatures)
    model = EvaluatedModel(name=version, members=(member,), abstain_below=ABSTAIN_BELOW)
    return _Measured(
        network=network,
        fer2013_temperature=temperatures.fer2013,
        ferplus_temperature=temperatures.ferplus,
        figures={view: _figures(model, rows.splits, view) for view in ("single", "flip")},
    )


def _card_figures(measured: _Measured) -> dict[str, Any]:
    return {
        "num_parameters": num_parameters(measured.network),
        "view": "single",
        **measured.figures["single"],
        "flip": {split: _accuracies(heads) for split, heads in measured.figures["flip"].items()},
    }


def _write(measured: _Measured, folders: Sequence[RunFolder], figures: dict[str, Any], what: Publication) -> ModelCard:
    """Write the checkpoint of one network, or of the ensemble of all folders' networks."""
    architecture = find_recipe(folders[0].document()["name"]).architecture
    if not isinstance(architecture, NetworkShape):
        raise InputError(f"{folders[0].path}: only networks with both heads can be published")
    return save_checkpoint(
        measured.network,
        {
            "name": what.name,
            "emotions": EMOTIONS,
            "crop_rule": CROP_RULE,
            "network": dataclasses.asdict(architecture) | {"num_members": len(folders)},
            "fer2013_temperature": round(measured.fer2013_temperature, 4),
            "ferplus_temperature": round(measured.ferplus_temperature, 4),
            "abstain_below": ABSTAIN_BELOW,
            "figures": figures,
            "training": {
                **dataclasses.asdict(what.provenance),
                "seeds": [folder.document()["seed"] for folder in folders],
                "pictures": dataclasses.asdict(folders[0].learned_from()),
                "recipe": folders[0].document(),
            },
            "views": what.views,
        },
        what.out,
    )


@torch.no_grad()
def _round_to_half(network: nn.Module) -> None:
    """Bring weights to the precision in which a checkpoint stores them."""
    for value in network.state_dict().values():
        if value.is_floating_point():
            value.copy_(value.half())


def _figures(model: EvaluatedModel, splits: Sequence[SplitRows], view: str) -> dict[str, Any]:
    """Figures by split, and by split without twins; of PublicTest only without, for it chose and calibrated."""
    found: dict[str, Any] = {}
    for rows in splits:
        figures = evaluation_figures(evaluate_split(model.answer, rows, view=view, abstain_below=model.abstain_below))
        if rows.split == _TEST:
            found[rows.split] = {head: _kept(figures[head]) for head in figures}
        found[f"{rows.split} without twins"] = {
            head: _kept((figures[head] or {}).get("without_twins")) for head in figures
        }
    return found


def _accuracies(heads: dict[str, Any]) -> dict[str, Any]:
    return {f"{head}_accuracy": None if kept is None else kept["accuracy"] for head, kept in heads.items()}


def _kept(figures: dict[str, Any] | None) -> dict[str, Any] | None:
    return None if figures is None else {key: figures[key] for key in _KEPT if key in figures}


def spread(figures: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Mean and standard deviation (n - 1) of the seeds' accuracies, by split and head."""
    found: dict[str, Any] = {"n": len(figures)}
    for split, heads in figures[0].items():
        found[split] = {}
        for head in heads:
            if any(seed[split][head] is None for seed in figures):
                found[split][head] = None
                continue
            values = [seed[split][head]["accuracy"] for seed in figures]
            found[split][head] = {
                "mean": round(float(np.mean(values)), 4),
                "sd": round(float(np.std(values, ddof=1)), 4),
                "each": values,
            }
    return found
