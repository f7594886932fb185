"""Evaluations as JSON documents. Their keys are a contract (docs/formats.md); fractions of 1, null for not measured."""

import math
from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from core.documents import NOTICE
from training.evaluation.calibration import ReliabilityBin
from training.evaluation.evaluate import CorruptedFigures, Evaluation, SplitRows
from training.evaluation.evaluated_model import EvaluatedModel
from training.evaluation.figures import FerplusFigures
from training.evaluation.metrics import LabelFigures
from training.evaluation.proportion import Proportion

_DECIMALS: Final = 4

#: Shares of the most confident answers at which the risk is written down.
_COVERAGES: Final = tuple(step / 20 for step in range(1, 21))


def evaluation_document(
    model: EvaluatedModel,
    rows: SplitRows,
    evaluation: Evaluation,
    corrupted: Sequence[CorruptedFigures] | None = None,
) -> dict[str, Any]:
    """One model on one split under one view; `corruptions` is there where they were measured."""
    document: dict[str, Any] = {
        "model": model.name,
        "members": [member.version for member in model.members],
        "num_parameters": model.num_parameters,
        "split": rows.split,
        "view": evaluation.view,
        "abstain_below": model.abstain_below,
        **evaluation_figures(evaluation),
    }
    if corrupted is not None:
        document["corruptions"] = corruptions_document(corrupted)
    return document | {"notice": NOTICE}


def evaluation_figures(evaluation: Evaluation) -> dict[str, Any]:
    """Both heads' figures, each with the same of the rows without twins."""
    rows, unique = evaluation.all_rows, evaluation.without_twins
    fer2013 = ferplus = None
    if rows.fer2013 is not None:
        twinless = None if unique is None or unique.fer2013 is None else label_document(unique.fer2013)
        fer2013 = label_document(rows.fer2013) | {"without_twins": twinless}
    if rows.ferplus is not None:
        twinless = None if unique is None or unique.ferplus is None else ferplus_document(unique.ferplus)
        ferplus = ferplus_document(rows.ferplus) | {"without_twins": twinless}
    return {"fer2013": fer2013, "ferplus": ferplus}


def label_document(figures: LabelFigures) -> dict[str, Any]:
    """One head against its right classes."""
    return {
        **_proportion(figures.accuracy, "accuracy"),
        "macro_recall": _rounded(figures.macro_recall),
        "nll": _rounded(figures.nll),
        "brier": _rounded(figures.brier),
        "ece": _rounded(figures.ece),
        "classwise_ece": _rounded(figures.classwise_ece),
        "aurc": _rounded(figures.aurc),
        "recall": {found.name: _rounded(found.recall.value) for found in figures.classes},
        "classes": {
            found.name: {
                "support": found.recall.n,
                "named": found.precision.n,
                "recall": _rounded(found.recall.value),
                "recall_interval_95": _interval(found.recall),
                "precision": _rounded(found.precision.value),
                "precision_interval_95": _interval(found.precision),
                "f1": _rounded(found.f1),
            }
            for found in figures.classes
        },
        "confusion": figures.confusion.tolist(),
        "reliability": _reliability(figures.reliability),
        "risk_coverage": _risk_coverage(figures),
    }


def ferplus_document(figures: FerplusFigures) -> dict[str, Any]:
    """The FER+ head against majority and votes, as the product speaks, and across the label sets."""
    votes, product, cross = figures.votes, figures.product, figures.cross
    return {
        **label_document(figures.majority),
        "n_votes": votes.n,
        "mean_share_named": _rounded(votes.mean_share_named),
        "mean_confidence": _rounded(votes.mean_confidence),
        "vote_ece": _rounded(votes.vote_ece),
        "vote_kl": _rounded(votes.kl),
        "vote_js": _rounded(votes.js),
        "unreadable_error": _rounded(votes.unreadable_error),
        "abstention_rate": _rounded(votes.abstention_rate),
        "vote_reliability": _reliability(votes.reliability),
        "product": {
            **_proportion(product.labels.accuracy, "accuracy"),
            "macro_recall": _rounded(product.labels.macro_recall),
            "n_counted": product.counted.n,
            "accuracy_counted": _rounded(product.counted.value),
        },
        "cross": {
            "taggers_on_fer2013_labels": _proportion(cross.taggers_on_labels, "share"),
            "ferplus_head_on_fer2013_labels": _proportion(cross.ferplus_on_labels, "share"),
            "fer2013_head_on_majority": _proportion(cross.fer2013_on_majority, "share"),
        },
    }


def corruptions_document(corrupted: Sequence[CorruptedFigures]) -> dict[str, Any]:
    """Accuracy and calibration error of both heads under each corruption, and their means."""
    each = {}
    for found in corrupted:
        fer2013, ferplus = found.figures.fer2013, found.figures.ferplus
        each[found.name] = {
            "fer2013_accuracy": None if fer2013 is None else _rounded(fer2013.accuracy.value),
            "fer2013_ece": None if fer2013 is None else _rounded(fer2013.ece),
            "ferplus_accuracy": None if ferplus is None else _rounded(ferplus.majority.accuracy.value),
            "ferplus_vote_ece": None if ferplus is None else _rounded(ferplus.votes.vote_ece),
        }
    keys = ("fer2013_accuracy", "fer2013_ece", "ferplus_accuracy", "ferplus_vote_ece")
    return {"mean": {key: _mean([row[key] for row in each.values()]) for key in keys}, "each": each}


def _mean(values: Sequence[float | None]) -> float | None:
    measured = [value for value in values if value is not None]
    return _rounded(float(np.mean(measured))) if measured else None


def _proportion(share: Proportion, name: str) -> dict[str, Any]:
    return {
        "n": share.n,
        name: _rounded(share.value),
        "interval_95": _interval(share),
        "half_width_95": _rounded(share.half_width),
    }


def _interval(share: Proportion) -> list[float | None]:
    return [_rounded(bound) for bound in share.interval]


def _reliability(bins: Sequence[ReliabilityBin]) -> list[dict[str, Any]]:
    return [
        {"n": part.n, "mean_confidence": _rounded(part.mean_confidence), "share_right": _rounded(part.share_right)}
        for part in bins
    ]


def _risk_coverage(figures: LabelFigures) -> list[dict[str, Any]]:
    kept = [max(1, round(coverage * len(figures.risk))) for coverage in _COVERAGES]
    return [
        {"coverage": coverage, "risk": _rounded(float(figures.risk[num - 1]))}
        for coverage, num in zip(_COVERAGES, kept, strict=True)
    ]


def _rounded(value: float) -> float | None:
    return None if math.isnan(value) else round(value, _DECIMALS)
