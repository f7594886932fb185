"""How like the most similar Training picture a test picture is: near copies that a comparison of pixels does not find.

Half a teraflop for FER2013: some ten seconds of one core.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from training.datasets.face_set import SIDE_PX, SPLITS, FaceSet

#: Above this a pair's labels agree in 85 % of cases, against 39 % between .80 and .85: the same photograph.
NEAR: Final = 0.95

_SMALL_SIDE_PX: Final = SIDE_PX // 2

#: Rows of both factors of one product; a block of 2,048 x 4,096 correlations is 32 MB.
_TEST_BLOCK: Final = 2048
_TRAINING_BLOCK: Final = 4096


def correlation_with_training(faces: FaceSet) -> NDArray[np.float32]:
    """(N,) the highest normalised correlation with a Training picture or its mirror image, at 24x24; 0 in Training."""
    in_training = faces.split_index == SPLITS.index("Training")
    small = _small(faces.pictures)
    training = _normalised(small[in_training])
    test, mirrored = _normalised(small[~in_training]), _normalised(small[~in_training][:, :, ::-1])
    best = np.zeros(len(faces), np.float32)
    best[~in_training] = np.maximum(_highest(test, training), _highest(mirrored, training))
    return best


def _small(pictures: NDArray[np.uint8]) -> NDArray[np.float32]:
    """(N, 48, 48) -> (N, 24, 24) means of 2x2 pixels."""
    blocks = pictures.reshape(-1, _SMALL_SIDE_PX, 2, _SMALL_SIDE_PX, 2)
    return np.asarray(blocks.mean(axis=(2, 4), dtype=np.float32))


def _normalised(small: NDArray[np.float32]) -> NDArray[np.float32]:
    """(N, 24, 24) -> (N, 576) of mean 0 and length 1; blank pictures stay 0, like nothing."""
    flat = small.reshape(len(small), _SMALL_SIDE_PX**2)
    centred = flat - flat.mean(axis=1, keepdims=True)
    length = np.linalg.norm(centred, axis=1, keepdims=True)
    return np.asarray(centred / np.maximum(length, 1.0), np.float32)


def _highest(test: NDArray[np.float32], training: NDArray[np.float32]) -> NDArray[np.float32]:
    """(A, 576), (B, 576) -> (A,) each row's highest product, block by block; at least 0."""
    highest = np.zeros(len(test), np.float32)
    for start in range(0, len(test), _TEST_BLOCK):
        rows = slice(start, start + _TEST_BLOCK)
        for first in range(0, len(training), _TRAINING_BLOCK):
            products = test[rows] @ training[first : first + _TRAINING_BLOCK].T  # (<= 2048, <= 4096)
            highest[rows] = np.maximum(highest[rows], products.max(axis=1))
    return highest
