"""How well probable answers foretell the answers of ten people, whose disagreement is no error. Knows arrays only."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from core.emotions import FERPLUS_INDEX_OF_EMOTION, FERPLUS_UNREADABLE
from training.evaluation.calibration import ReliabilityBin, expected_calibration_error, reliability_bins

#: A reading is counted when at least four people of ten would name its top emotion. A choice, not a fit: the figures
#: say how many readings it leaves out.
ABSTAIN_BELOW: Final = 0.4

#: Keeps the logarithm of an answer that was given no probability finite.
_LEAST_PROB: Final = 1e-12


@dataclass(frozen=True, kw_only=True)
class VoteFigures:
    """N answers of the FER+ head beside the shares of the taggers who gave each of the ten answers."""

    n: int  # pictures that the taggers saw
    kl: float  # nats, mean divergence of the answers from the shares
    js: float  # nats, mean Jensen-Shannon divergence, 0..log 2
    mean_confidence: float  # 0..1, in the top emotion of seven
    mean_share_named: float  # 0..1, share of the taggers who named that emotion
    vote_ece: float  # 0..1, mean gap between the two
    reliability: tuple[ReliabilityBin, ...]  # "right" is the share of the taggers who agree
    unreadable_error: float  # 0..1, mean gap in the share of "unknown" and "not a face"
    abstention_rate: float  # 0..1, share of pictures that are not counted


def measure_votes(answers: NDArray[np.float64], votes: NDArray[np.float32], *, abstain_below: float) -> VoteFigures:
    """(N, 10) probable answers and (N, 10) votes, each row with at least one, N > 0 -> figures."""
    shares = votes.astype(np.float64)
    shares = shares / shares.sum(axis=1, keepdims=True)
    emotions, unreadable = list(FERPLUS_INDEX_OF_EMOTION), list(FERPLUS_UNREADABLE)
    confidence = answers[:, emotions].max(axis=1)
    top = answers[:, emotions].argmax(axis=1)
    named = shares[np.arange(len(shares)), np.array(emotions)[top]]
    unreadable_gap = answers[:, unreadable].sum(axis=1) - shares[:, unreadable].sum(axis=1)
    middle = (answers + shares) / 2
    return VoteFigures(
        n=len(answers),
        kl=float(kl_divergence(shares, answers).mean()),
        js=float((kl_divergence(shares, middle) + kl_divergence(answers, middle)).mean() / 2),
        mean_confidence=float(confidence.mean()),
        mean_share_named=float(named.mean()),
        vote_ece=expected_calibration_error(confidence, named),
        reliability=reliability_bins(confidence, named),
        unreadable_error=float(np.abs(unreadable_gap).mean()),
        abstention_rate=float((confidence < abstain_below).mean()),
    )


def kl_divergence(p: NDArray[np.float64], q: NDArray[np.float64]) -> NDArray[np.float64]:
    """(N, K), (N, K) distributions -> (N,) sum of p log(p / q) in nats; what p never says adds nothing."""
    ratio = np.where(p > 0, p, 1.0) / q.clip(min=_LEAST_PROB)
    return np.where(p > 0, p * np.log(ratio), 0.0).sum(axis=1)
