"""MTCNN's networks as onnxruntime runs them on a CPU, without torch: see `CascadeNetworks` and docs/decisions/0019.

The graphs are made when a process starts (milliseconds), from the weights inside the installed facenet-pytorch.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from core.frames import RgbImage
from fer_model.cascade.candidates import Candidates, boxes_of_windows
from fer_model.cascade.cascade_networks import ONET_SIDE_PX, PNET_THRESHOLD, RNET_SIDE_PX, Answers
from fer_model.cascade.corner_sums import CornerSums, Sums, crop, normalised, resize
from fer_model.cascade.mtcnn_graphs import ANSWERS, IMAGE, onet_graph, pnet_graph, rnet_graph
from fer_model.cascade.mtcnn_weights import find_weights_folder, load_weights
from fer_model.cascade.pyramid import PNET_STRIDE_PX, Level, LevelPart
from fer_model.cascade.suppression import FloatArray, IndexArray
from fer_model.graph_session import open_graph

#: Pictures of one call: what a layer makes of them stays in the processor's cache.
MAX_RNET_CALL: Final = 16
MAX_ONET_CALL: Final = 4

#: PNET_THRESHOLD as the network answers.
_LEAST_LOG_ODDS: Final = np.float32(np.log(PNET_THRESHOLD / (1 - PNET_THRESHOLD)))

#: Where in the answers the box offsets end and the landmarks begin.
_END_OF_OFFSETS: Final = 5


@dataclass(frozen=True, kw_only=True)
class GraphCascadeNetworks:
    """The three networks as graphs, each on one thread; see `CascadeNetworks`."""

    pnet: onnxruntime.InferenceSession
    rnet: onnxruntime.InferenceSession
    onet: onnxruntime.InferenceSession
    corner_sums: CornerSums = field(default_factory=CornerSums, repr=False)

    def hold(self, images: Sequence[RgbImage]) -> "GraphPictures":
        """Take up N images of one size, until the next call."""
        return GraphPictures(self, self.corner_sums.of(images))

    def judge(self, pictures: NDArray[np.uint8]) -> Answers:
        """Show (K, 48, 48, 3) RGB to O-Net."""
        calls = (pictures[start : start + MAX_ONET_CALL] for start in range(0, len(pictures), MAX_ONET_CALL))
        return _answers(self.onet, (normalised(call.transpose(0, 3, 1, 2).astype(np.float32)) for call in calls))


class GraphPictures:
    """Pictures as sums up to each corner; see `HeldPictures`."""

    def __init__(self, networks: GraphCascadeNetworks, sums: Sums) -> None:
        self._networks = networks
        self._sums = sums  # (N, H + 1, W + 1, 4)

    @property
    def num_images(self) -> int:
        """How many there are."""
        return len(self._sums)

    @property
    def size_px(self) -> tuple[int, int]:
        """(H, W) of each."""
        return self._sums.shape[1] - 1, self._sums.shape[2] - 1

    def propose(self, level: Level, part: LevelPart) -> Candidates:
        """Search some rows of a level of some pictures with P-Net."""
        some = self._sums[part.images.start : part.images.stop]
        pictures = resize(some, (level.height_px, level.width_px), part.rows)  # (n, 3, rows, width)
        (answers,) = self._networks.pnet.run([ANSWERS], {IMAGE: pictures})  # (n, 5, h, w)
        image_index, row, column = np.nonzero(answers[:, 0] >= _LEAST_LOG_ODDS)  # 3 x (K,)
        chosen = answers[image_index, :, row, column]  # (K, 5)
        return Candidates(
            image_index=image_index + part.images.start,
            boxes=boxes_of_windows(row + part.rows.start // PNET_STRIDE_PX, column, level.scale),
            scores=_probability(chosen[:, 0]),
            offsets=chosen[:, 1:],
        )

    def refine(self, image_index: IndexArray, windows: IndexArray) -> Answers:
        """Show windows to R-Net."""
        return _answers(self._networks.rnet, self._cut(image_index, windows, RNET_SIDE_PX, MAX_RNET_CALL))

    def decide(self, image_index: IndexArray, windows: IndexArray) -> Answers:
        """Show windows to O-Net."""
        return _answers(self._networks.onet, self._cut(image_index, windows, ONET_SIDE_PX, MAX_ONET_CALL))

    def _cut(
        self, image_index: IndexArray, windows: IndexArray, side_px: int, num_per_call: int
    ) -> Iterator[FloatArray]:
        for start in range(0, max(1, len(windows)), num_per_call):  # at least one, perhaps of no picture
            call = slice(start, start + num_per_call)
            yield crop(self._sums, image_index[call], windows[call], side_px)


def load_networks() -> GraphCascadeNetworks:
    """Make the cascade's networks from the weights inside the installed facenet-pytorch."""
    folder = find_weights_folder()
    return GraphCascadeNetworks(
        pnet=open_graph(pnet_graph(load_weights("pnet.pt", folder))),
        rnet=open_graph(rnet_graph(load_weights("rnet.pt", folder))),
        onet=open_graph(onet_graph(load_weights("onet.pt", folder))),
    )


def _answers(network: onnxruntime.InferenceSession, calls: Iterator[FloatArray]) -> Answers:
    """Run a network on pictures (n, 3, side, side), normalised, of some calls."""
    answers = np.concatenate([network.run([ANSWERS], {IMAGE: pictures})[0] for pictures in calls])  # (K, 5 or 15)
    return Answers(
        scores=_probability(answers[:, 0]),
        offsets=answers[:, 1:_END_OF_OFFSETS],
        landmarks=answers[:, _END_OF_OFFSETS:],
    )


def _probability(log_odds: FloatArray) -> FloatArray:
    # a large negative exponent would overflow; beyond 80 nothing changes in single precision
    return np.asarray(1 / (1 + np.exp(np.minimum(-log_odds, np.float32(80)))), np.float32)
