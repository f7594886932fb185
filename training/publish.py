"""Turn a finished run into a checkpoint with a card: `python -m training.publish runs/small --pictures … --votes …`.

Temperatures are fitted on PublicTest without twins. Only then is PrivateTest read, single view; nothing may be chosen
after that.
"""

import argparse
import dataclasses
import datetime
import json
from pathlib import Path
from typing import Any

import numpy as np
import torch

from core.emotions import EMOTIONS, FERPLUS_INDEX_OF_EMOTION, FERPLUS_UNREADABLE
from fer_model.checkpoint import save_checkpoint
from fer_model.crop import CROP_RULE
from fer_model.network import EmotionNetwork, HeadLogits, num_parameters
from training.calibration import expected_calibration_error, fit_temperature
from training.evaluation import fer2013_accuracy, ferplus_accuracy, predict
from training.fer2013 import FaceSet, has_training_twin, read_fer2013
from training.losses import make_targets
from training.recipes import RECIPES, Recipe

#: A reading is counted when at least four people of ten would name its top emotion. A choice, not a fit: the card's
#: figures say how many readings it leaves out.
ABSTAIN_BELOW = 0.4


@dataclasses.dataclass(frozen=True, kw_only=True)
class Temperatures:
    """What divides each head's logits."""

    fer2013: float
    ferplus: float


def fit_temperatures(logits: HeadLogits, faces: FaceSet) -> Temperatures:
    """Fit both heads: FER2013's to its labels, FER+'s to the ten votes, so that .7 means seven people of ten."""
    targets = make_targets(
        torch.from_numpy(faces.emotion_index), torch.from_numpy(faces.votes), label_smoothing=0.0, vote_smoothing=1e-6
    )
    voted = torch.from_numpy(faces.has_votes)
    return Temperatures(
        fer2013=fit_temperature(logits.fer2013, targets.fer2013),
        ferplus=fit_temperature(logits.ferplus[voted], targets.ferplus[voted]),
    )


def measure(logits: HeadLogits, faces: FaceSet, temperatures: Temperatures) -> dict[str, Any]:
    """Figures of one set of rows, each with its n. Fractions of 1."""
    fer2013, ferplus = fer2013_accuracy(logits, faces), ferplus_accuracy(logits, faces)
    probs = torch.softmax(logits.fer2013 / temperatures.fer2013, dim=1).double().numpy()
    predicted = probs.argmax(axis=1)
    present = np.unique(faces.emotion_index).tolist()
    recalls = {EMOTIONS[i]: float((predicted[faces.emotion_index == i] == i).mean()) for i in present}
    return {
        "fer2013": {
            "n": fer2013.n,
            "accuracy": round(fer2013.value, 4),
            "half_width_95": round(fer2013.half_width, 4),
            "macro_recall": round(float(np.mean(list(recalls.values()))), 4),
            "recall": {name: round(recall, 4) for name, recall in recalls.items()},
            "ece": round(expected_calibration_error(probs.max(axis=1), predicted == faces.emotion_index), 4),
        },
        "ferplus": {
            "n": ferplus.n,
            "accuracy": round(ferplus.value, 4),
            "half_width_95": round(ferplus.half_width, 4),
            **measure_votes(logits, faces, temperatures),
        },
    }


def measure_votes(logits: HeadLogits, faces: FaceSet, temperatures: Temperatures) -> dict[str, float]:
    """How well the FER+ head's shares foretell the taggers' shares, and how often it abstains."""
    answers = torch.softmax(logits.ferplus / temperatures.ferplus, dim=1).double().numpy()[faces.has_votes]
    shares = faces.votes[faces.has_votes] / faces.votes[faces.has_votes].sum(axis=1, keepdims=True)
    emotions = list(FERPLUS_INDEX_OF_EMOTION)
    top = answers[:, emotions].argmax(axis=1)
    rows = np.arange(len(answers))
    named = shares[:, emotions][rows, top]  # share of the taggers who named the head's top emotion
    confidence = answers[:, emotions].max(axis=1)
    unreadable = list(FERPLUS_UNREADABLE)
    return {
        "n_votes": len(answers),
        "mean_share_named": round(float(named.mean()), 4),
        "mean_confidence": round(float(confidence.mean()), 4),
        "vote_ece": round(expected_calibration_error(confidence, named), 4),
        "unreadable_error": round(
            float(np.abs(answers[:, unreadable].sum(1) - shares[:, unreadable].sum(1)).mean()), 4
        ),
        "abstention_rate": round(float((confidence < ABSTAIN_BELOW).mean()), 4),
    }


def publish(run: Path, recipe: Recipe, faces: FaceSet, out: Path, training: dict[str, Any]) -> dict[str, Any]:
    """Calibrate, measure and write the checkpoint; return its figures."""
    network = EmotionNetwork(recipe.shape)
    state = torch.load(run / "state.pt", weights_only=True)
    network.load_state_dict(state["averaged"])
    twins = has_training_twin(faces)
    validation = faces.select(~twins).split("PublicTest")
    temperatures = fit_temperatures(predict(network, validation.pictures), validation)
    sets = {
        "PublicTest without twins": validation,
        "PrivateTest": faces.split("PrivateTest"),
        "PrivateTest without twins": faces.select(~twins).split("PrivateTest"),
    }
    figures = {name: measure(predict(network, rows.pictures), rows, temperatures) for name, rows in sets.items()}
    save_checkpoint(
        network,
        {
            "name": recipe.name,
            "emotions": EMOTIONS,
            "crop_rule": CROP_RULE,
            "network": dataclasses.asdict(recipe.shape),
            "fer2013_temperature": round(temperatures.fer2013, 4),
            "ferplus_temperature": round(temperatures.ferplus, 4),
            "abstain_below": ABSTAIN_BELOW,
            "figures": {"num_parameters": num_parameters(network), "view": "single", **figures},
            "training": training | {"num_epochs": state["num_epochs_done"], "recipe": dataclasses.asdict(recipe)},
        },
        out,
    )
    return figures


def main() -> None:
    """Parse the command line and publish."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("run", type=Path, help="folder of a finished run, with state.pt")
    parser.add_argument("--recipe", choices=sorted(RECIPES), default="small")
    parser.add_argument("--pictures", type=Path, required=True, help="Kaggle's fer2013.csv")
    parser.add_argument("--votes", type=Path, required=True, help="FER+'s fer2013new.csv")
    parser.add_argument("--out", type=Path, default=Path("fer_model/weights"))
    parser.add_argument("--trained-at", required=True, metavar="COMMIT", help="the commit whose code trained the run")
    parser.add_argument(
        "--selection", required=True, metavar="TEXT", help="how these weights were chosen, for the card"
    )
    args = parser.parse_args()
    training = {
        "commit": args.trained_at,
        "published_at": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "data": "FER2013 Training without blank pictures, with FER+ votes",
        "selection": args.selection,
    }
    faces = read_fer2013(args.pictures, args.votes)
    figures = publish(args.run, RECIPES[args.recipe], faces, args.out, training)
    print(json.dumps(figures, indent=2))  # noqa: T201 - this module's command line


if __name__ == "__main__":
    main()
