"""Compares what a CPU serves (the graph, onnxruntime) with the reference (torch), in turns within one run.

python -m benchmarks.classifier_latency [MODEL]     prints one JSON line: CPU milliseconds a face, one thread, medians.
Both sides go from uint8 crops to the readings that are stored.
"""

import json
import statistics
import sys
import time
from collections.abc import Callable

import numpy as np

from fer_model.checkpoints.card import find_card
from fer_model.checkpoints.checkpoint import load_checkpoint
from fer_model.classification.network_classifier import NetworkClassifier
from fer_model.runtime import load_classifier
from fer_model.torch_runtime import compute_alike_everywhere

NUM_ROUNDS = 9
NUM_CALLS = 20
BATCH_SIZES = (1, 16)


def cpu_ms_per_face(classify: Callable[[], object], num_faces: int) -> float:
    """Measure one round: CPU time of this thread, which other processes disturb least."""
    started = time.thread_time()
    for _ in range(NUM_CALLS):
        classify()
    return (time.thread_time() - started) * 1000 / (NUM_CALLS * num_faces)


def compare(
    reference: Callable[[], object], served: Callable[[], object], num_faces: int
) -> dict[str, float | list[float]]:
    """Take rounds of both sides in turns: medians, and the median and range of the ratio of neighbouring rounds."""
    rounds = [
        (cpu_ms_per_face(reference, num_faces), cpu_ms_per_face(served, num_faces)) for _ in range(NUM_ROUNDS + 1)
    ]
    torch_ms, onnx_ms = zip(*rounds[1:], strict=True)  # the first warms up
    ratios = sorted(a / b for a, b in rounds[1:])
    return {
        "torch_ms": round(statistics.median(torch_ms), 3),
        "onnxruntime_ms": round(statistics.median(onnx_ms), 3),
        "torch_over_onnxruntime": round(statistics.median(ratios), 2),
        "range": [round(ratios[0], 2), round(ratios[-1], 2)],
    }


def main(model: str) -> None:
    """Compare at each batch size."""
    compute_alike_everywhere()
    card_path = find_card(model)
    network, card = load_checkpoint(card_path)
    reference, served = NetworkClassifier(network, card), load_classifier(card_path)
    result: dict[str, object] = {"model": card.version, "views": card.views, "unit": "CPU ms a face, one thread"}
    for num_faces in BATCH_SIZES:
        crops = np.random.default_rng(0).integers(0, 256, (num_faces, 48, 48), dtype=np.uint8)
        result[f"{num_faces} a call"] = compare(
            lambda crops=crops: reference.classify(crops),
            lambda crops=crops: served.classify(crops),
            num_faces,
        )
    print(json.dumps(result | {"num_rounds": NUM_ROUNDS}))


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "small")
