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
from fer_model.card import ModelCard
from fer_model.checkpoint import save_checkpoint
from fer_model.crop import CROP_RULE
from fer_model.network import EmotionNetwork, NetworkShape
from training.datasets.face_set import FaceSet
from training.evaluation.document import evaluation_figures
from training.evaluation.evaluate import SplitRows, calibration_rows, evaluate_split, rows_of_split
from training.evaluation.evaluated_model import EvaluatedModel
from training.evaluation.model_sources import find_model
from training.learning.run_folder import RunFolder
from training.recipes.registry import find_recipe

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


def publish(
    folders: Sequence[RunFolder], faces: FaceSet, out: Path, *, name: str, views: int, provenance: Provenance
) -> ModelCard:
    """Calibrate and measure every run, write the first as a checkpoint called `name`; return its card."""
    seeds = [_measure_run(folder, faces) for folder in folders]
    shipped, folder = seeds[0], folders[0]
    network = shipped.member.network
    if not isinstance(network, EmotionNetwork) or shipped.member.temperatures.ferplus is None:
        raise InputError(f"{folder.path}: only networks with both heads, trained with votes, can be published")
    recipe = find_recipe(folder.document()["name"])
    if not isinstance(recipe.architecture, NetworkShape):
        raise InputError(f"{folder.path}: {recipe.name} is no network that Moodline can serve")
    figures = {
        "num_parameters": shipped.model.num_parameters,
        "view": "single",
        **shipped.figures["single"],
        "flip": {split: _accuracies(heads) for split, heads in shipped.figures["flip"].items()},
    }
    if len(seeds) > 1:
        figures["seeds"] = spread([seed.figures["single"] for seed in seeds])
        figures["seeds_flip"] = spread([seed.figures["flip"] for seed in seeds])
    return save_checkpoint(
        network,
        {
            "name": name,
            "emotions": EMOTIONS,
            "crop_rule": CROP_RULE,
            "network": dataclasses.asdict(recipe.architecture),
            "fer2013_temperature": round(shipped.member.temperatures.fer2013, 4),
            "ferplus_temperature": round(shipped.member.temperatures.ferplus, 4),
            "abstain_below": shipped.model.abstain_below,
            "figures": figures,
            "training": {
                **dataclasses.asdict(provenance),
                "pictures": dataclasses.asdict(folder.learned_from()),
                "recipe": folder.document(),
            },
            "views": views,
        },
        out,
    )


@dataclasses.dataclass(frozen=True, kw_only=True)
class _MeasuredRun:
    model: EvaluatedModel
    figures: dict[str, dict[str, Any]]  # by view, then by split

    @property
    def member(self) -> Any:
        """Its one network."""
        return self.model.members[0]


def _measure_run(folder: RunFolder, faces: FaceSet) -> _MeasuredRun:
    folder.finished_network()  # raises where the run has not ended
    model = find_model([str(folder.path)], lambda: calibration_rows(faces))
    _round_to_half(model.members[0].network)  # what is measured is what is shipped
    splits = [rows_of_split(faces, split) for split in (_VALIDATION, _TEST)]
    return _MeasuredRun(
        model=model,
        figures={view: _figures(model, splits, view) for view in ("single", "flip")},
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
