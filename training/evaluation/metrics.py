"""Figures of probabilities held against one right class a row: accuracy, calibration, risk. Knows arrays only."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from training.evaluation.calibration import ReliabilityBin, expected_calibration_error, reliability_bins
from training.evaluation.proportion import Proportion

#: A probability of nought would make a mistake infinitely bad; what float32 can tell from nought would not.
_LEAST_PROB: Final = 1e-12


@dataclass(frozen=True, kw_only=True)
class ClassFigures:
    """How well one class is found."""

    name: str
    recall: Proportion  # of the rows of this class; n is the support
    precision: Proportion  # of the answers that name it; n is their number
    f1: float  # 0..1


@dataclass(frozen=True, kw_only=True)
class LabelFigures:
    """N answers of K probabilities beside the N right classes."""

    accuracy: Proportion
    macro_recall: float  # mean of the recalls of the classes that occur
    classes: tuple[ClassFigures, ...]  # (K,)
    confusion: NDArray[np.int64]  # (K, K) rows: right class, columns: answer
    nll: float  # nats, mean of -log p(right class)
    brier: float  # 0..2, mean squared distance to the right class
    ece: float  # 0..1
    classwise_ece: float  # 0..1, mean over classes of the gap between its probability and its share
    reliability: tuple[ReliabilityBin, ...]
    risk: NDArray[np.float64]  # (N,) share of errors among the 1, 2, ... N most confident answers
    aurc: float  # 0..1, mean of `risk`: what is wrong where one may choose how many answers to keep


def measure_labels(probs: NDArray[np.float64], label_index: NDArray[np.int64], names: tuple[str, ...]) -> LabelFigures:
    """(N, K) probabilities and (N,) right classes, N > 0 -> figures; `names` are the K classes'."""
    num_rows, num_classes = probs.shape
    if num_rows == 0 or num_classes != len(names) or label_index.shape != (num_rows,):
        raise ValueError(f"cannot hold {probs.shape} probabilities of {names} against {label_index.shape} labels")
    answered = probs.argmax(axis=1)
    confidence = probs.max(axis=1)
    right = answered == label_index
    one_hot = np.eye(num_classes)[label_index]
    confusion = np.zeros((num_classes, num_classes), np.int64)
    np.add.at(confusion, (label_index, answered), 1)
    classes = _classes(confusion, names)
    risk = risk_by_coverage(confidence, right)
    return LabelFigures(
        accuracy=Proportion.of(int(right.sum()), num_rows),
        macro_recall=float(np.mean([found.recall.value for found in classes if found.recall.n])),
        classes=classes,
        confusion=confusion,
        nll=float(-np.log(probs[np.arange(num_rows), label_index].clip(min=_LEAST_PROB)).mean()),
        brier=float(((probs - one_hot) ** 2).sum(axis=1).mean()),
        ece=expected_calibration_error(confidence, right),
        classwise_ece=float(
            np.mean([expected_calibration_error(probs[:, k], one_hot[:, k]) for k in range(num_classes)])
        ),
        reliability=reliability_bins(confidence, right),
        risk=risk,
        aurc=float(risk.mean()),
    )


def risk_by_coverage(confidence: NDArray[np.float64], right: NDArray[np.bool_]) -> NDArray[np.float64]:
    """(N,), (N,) -> (N,) share of errors among the 1, 2, ... N most confident answers (El-Yaniv & Wiener 2010)."""
    wrong = ~right[np.argsort(-confidence, kind="stable")]
    return np.cumsum(wrong) / np.arange(1, len(wrong) + 1)


def _classes(confusion: NDArray[np.int64], names: tuple[str, ...]) -> tuple[ClassFigures, ...]:
    supports, times_named, hits = confusion.sum(axis=1), confusion.sum(axis=0), confusion.diagonal()
    return tuple(
        ClassFigures(
            name=name,
            recall=Proportion.of(int(hit), int(support)),
            precision=Proportion.of(int(hit), int(named)),
            f1=float(2 * hit / max(1, support + named)),
        )
        for name, hit, support, named in zip(names, hits, supports, times_named, strict=True)
    )
