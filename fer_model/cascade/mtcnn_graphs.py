"""MTCNN's three networks as ONNX graphs, made from facenet-pytorch's weights in the order that costs a CPU least.

Their layers convolve, bend (PReLU) and pool. Pooling first leaves a quarter to bend, and gives the same where bending
keeps numbers in order: in channels whose slope is not negative. In the others the largest bent number is the bent
largest one or the bent smallest one; these are convolved a second time with the sign turned, since pooling finds the
largest only. That pays in the first layer. In the others bending is a sum of what onnxruntime computes without another
order of the channels in memory. fer_model/cascade/mtcnn_networks.py is the reference.
"""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from fer_model.cascade.onnx_bytes import Node, Port, model_bytes

IMAGE: Final = "image"  # (N, 3, H, W) float32, normalised
ANSWERS: Final = "answers"  # (N, 5 or 15, ...): log odds of a face, four box offsets, ten landmarks

#: Channels that onnxruntime computes together; where none is left over, it pools them as they lie after a convolution.
CHANNEL_GROUP: Final = 16

#: Side of what R-Net's and O-Net's last convolution leaves, in its pixels.
_FLAT_SIDE_PX: Final = 3

Weights = Mapping[str, NDArray[Any]]


def pnet_graph(weights: Weights) -> bytes:
    """Make P-Net: answers (N, 5, h, w)."""
    graph = _Graph(weights)
    graph.convolve_and_pool("conv1", "prelu1", side_px=2)
    graph.convolve("conv2", "prelu2")
    graph.convolve("conv3", "prelu3")
    return graph.answer("Conv", "conv4_1", "conv4_2")


def rnet_graph(weights: Weights) -> bytes:
    """Make R-Net: answers (N, 5)."""
    graph = _Graph(weights)
    graph.convolve_and_pool("conv1", "prelu1", side_px=3)
    graph.convolve("conv2", "prelu2")
    graph.pool(side_px=3)
    graph.convolve("conv3", "prelu3")
    graph.flatten()
    graph.multiply("dense4", "prelu4")
    return graph.answer("Gemm", "dense5_1", "dense5_2")


def onet_graph(weights: Weights) -> bytes:
    """Make O-Net: answers (N, 15)."""
    graph = _Graph(weights)
    graph.convolve_and_pool("conv1", "prelu1", side_px=3)
    graph.convolve("conv2", "prelu2")
    graph.pool(side_px=3)
    graph.convolve("conv3", "prelu3")
    graph.pool(side_px=2)
    graph.convolve("conv4", "prelu4")
    graph.flatten()
    graph.multiply("dense5", "prelu5")
    return graph.answer("Gemm", "dense6_1", "dense6_2", "dense6_3")


class _Graph:
    """A graph in the making, layer by layer."""

    def __init__(self, trained: Weights) -> None:
        self._trained = trained
        self._nodes: list[Node] = []
        self._weights: dict[str, NDArray[Any]] = {}
        self._end = IMAGE  # what the next layer takes
        self._channels: NDArray[np.int64] | slice = slice(None)  # there, by their positions as trained

    def convolve(self, name: str, prelu: str) -> None:
        """Convolve and bend."""
        kink = self._kink(prelu)
        weight, bias = self._trained[f"{name}.weight"], self._trained[f"{name}.bias"]
        self._convolve(name, weight * kink.reshape(-1, 1, 1, 1), bias * kink)
        self._bend(prelu, (-1, 1, 1))

    def convolve_and_pool(self, name: str, prelu: str, *, side_px: int) -> None:
        """Convolve, pool and bend; channels of negative slope come last after that."""
        weight, bias, slopes = (self._trained[of] for of in (f"{name}.weight", f"{name}.bias", f"{prelu}.weight"))
        rising, falling = np.flatnonzero(slopes >= 0), np.flatnonzero(slopes < 0)
        channels = np.concatenate([rising, falling])
        num_more = -(len(channels) + len(falling)) % CHANNEL_GROUP
        rest = np.zeros((num_more, *weight.shape[1:]), weight.dtype)
        self._convolve(
            name,
            np.concatenate([weight[channels], -weight[falling], rest]),
            np.concatenate([bias[channels], -bias[falling], rest[:, 0, 0, 0]]),
        )
        self.pool(side_px=side_px)
        lengths = self._keep(f"{name}.lengths", np.array([len(rising), len(falling), len(falling), num_more], np.int64))
        parts = tuple(f"{name}.{part}" for part in ("rising", "falling", "turned", "rest"))
        self._nodes.append(Node(operator="Split", inputs=(self._end, lengths), outputs=parts, attributes={"axis": 1}))
        of_rising, largest, turned, _ = parts
        below = self._add("Min", of_rising, self._keep("zero", np.zeros((), np.float32)))
        raised = self._add("Mul", below, self._keep(f"{prelu}.rising", slopes[rising].reshape(-1, 1, 1) - 1))
        bent = self._add("Add", of_rising, raised)
        smallest = self._add("Mul", turned, self._keep(f"{prelu}.turned", -slopes[falling].reshape(-1, 1, 1)))
        self._add("Concat", bent, self._add("Max", largest, smallest), axis=1)
        self._channels = channels

    def pool(self, *, side_px: int) -> None:
        """Keep the largest number of each window, a part of one at the border; windows are 2 px apart."""
        self._add("MaxPool", self._end, kernel_shape=(side_px, side_px), strides=(2, 2), ceil_mode=1)

    def flatten(self) -> None:
        """(N, C, 3, 3) -> (N, C * 9)."""
        self._add("Flatten", self._end, axis=1)

    def multiply(self, name: str, prelu: str) -> None:
        """Apply a dense layer to what was flattened, and bend; its weights were trained columns first, as in Caffe."""
        kink = self._kink(prelu)
        trained = self._trained[f"{name}.weight"]  # (num_out, 3 * 3 * C): column, row, channel
        by_place = trained.reshape(len(trained), _FLAT_SIDE_PX, _FLAT_SIDE_PX, -1)
        weight = by_place.transpose(3, 2, 1, 0).reshape(-1, len(trained)) * kink  # (C * 3 * 3, num_out)
        bias = self._keep(f"{name}.bias", self._trained[f"{name}.bias"] * kink)
        self._add("Gemm", self._end, self._keep(f"{name}.weight", weight), bias)
        self._bend(prelu, (-1,))

    def answer(self, operator: str, classes: str, *others: str) -> bytes:
        """End in one layer: the odds of the second of two classes, and the other answers. Gives the graph's bytes."""
        weight, bias = (self._joined(part, classes, others) for part in ("weight", "bias"))
        kept = self._keep("answer.weight", weight if operator == "Conv" else weight.T), self._keep("answer.bias", bias)
        self._nodes.append(Node(operator=operator, inputs=(self._end, *kept), outputs=(ANSWERS,)))
        where = ("rows", "columns") if operator == "Conv" else ()
        return model_bytes(
            self._nodes,
            self._weights,
            takes=Port(name=IMAGE, shape=("n", 3, "height", "width")),
            gives=Port(name=ANSWERS, shape=("n", len(bias), *where)),
        )

    def _joined(self, part: str, classes: str, others: tuple[str, ...]) -> NDArray[Any]:
        # softmax over two classes is the logistic function of their difference
        odds = np.diff(self._trained[f"{classes}.{part}"], axis=0)
        return np.concatenate([odds, *(self._trained[f"{name}.{part}"] for name in others)])

    def _convolve(self, name: str, weight: NDArray[Any], bias: NDArray[Any]) -> None:
        of_inputs = np.ascontiguousarray(weight[:, self._channels])
        self._add("Conv", self._end, self._keep(f"{name}.weight", of_inputs), self._keep(f"{name}.bias", bias))
        self._channels = slice(None)

    def _kink(self, prelu: str) -> NDArray[Any]:
        """How much steeper each channel is above zero than below, (C,): `_bend` wants its input multiplied by it."""
        kink = 1 - self._trained[f"{prelu}.weight"]
        if kink.min() <= 0:
            raise ValueError(f"slopes of {prelu} must be below 1, got {1 - kink.min()}")
        return kink

    def _bend(self, prelu: str, shape: tuple[int, ...]) -> None:
        """Of y = (1 - slope) x make PReLU(x) = max(0, y) + slope / (1 - slope) y."""
        slopes = self._trained[f"{prelu}.weight"]
        scaled = self._end
        above = self._add("Relu", scaled)
        straight = self._add("Mul", scaled, self._keep(prelu, (slopes / (1 - slopes)).reshape(shape)))
        self._add("Add", straight, above)

    def _keep(self, name: str, weight: NDArray[Any]) -> str:
        self._weights[name] = weight
        return name

    def _add(self, operator: str, *inputs: str, **attributes: Any) -> str:
        self._end = f"{len(self._nodes)}.{operator}"
        self._nodes.append(Node(operator=operator, inputs=inputs, outputs=(self._end,), attributes=attributes))
        return self._end
