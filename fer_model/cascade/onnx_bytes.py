"""Writes a network as the bytes of an ONNX file, for onnxruntime: the few messages of its protocol that this takes.

The package `onnx` does this too; it is for training only. Field numbers are those of onnx.proto3.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

#: Versions of the format and of its operators, which every onnxruntime that we ask for reads.
_IR_VERSION: Final = 8
_OPSET: Final = 17

#: What ONNX calls the types of tensors and of attributes.
_TENSOR_TYPES: Final = {"float32": 1, "int64": 7}
_INT: Final = 2
_INTS: Final = 7


@dataclass(frozen=True, kw_only=True)
class Node:
    """One operation."""

    operator: str
    inputs: tuple[str, ...]  # names of tensors
    outputs: tuple[str, ...]
    attributes: Mapping[str, int | Sequence[int]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Port:
    """A tensor, float32, that goes into a network or comes out."""

    name: str
    shape: tuple[int | str, ...]  # a length, or the name of one that may vary


def model_bytes(nodes: Sequence[Node], weights: Mapping[str, NDArray[Any]], *, takes: Port, gives: Port) -> bytes:
    """Write a network of one input and one output; nodes in the order in which they run."""
    graph = b"".join(
        [
            *(_message(1, _node(node)) for node in nodes),
            _text(2, "network"),
            *(_message(5, _weight(name, weight)) for name, weight in weights.items()),
            _message(11, _port(takes)),
            _message(12, _port(gives)),
        ]
    )
    return _number(1, _IR_VERSION) + _message(7, graph) + _message(8, _text(1, "") + _number(2, _OPSET))


def _node(node: Node) -> bytes:
    return b"".join(
        [
            *(_text(1, name) for name in node.inputs),
            *(_text(2, name) for name in node.outputs),
            _text(4, node.operator),
            *(_message(5, _attribute(name, value)) for name, value in node.attributes.items()),
        ]
    )


def _attribute(name: str, value: int | Sequence[int]) -> bytes:
    if isinstance(value, int):
        return _text(1, name) + _number(3, value) + _number(20, _INT)
    return _text(1, name) + b"".join(_number(8, each) for each in value) + _number(20, _INTS)


def _weight(name: str, weight: NDArray[Any]) -> bytes:
    dims = b"".join(_number(1, length) for length in weight.shape)
    little_endian = np.ascontiguousarray(weight, weight.dtype.newbyteorder("<"))
    return dims + _number(2, _TENSOR_TYPES[weight.dtype.name]) + _text(8, name) + _message(9, little_endian.tobytes())


def _port(port: Port) -> bytes:
    lengths = (_number(1, length) if isinstance(length, int) else _text(2, length) for length in port.shape)
    shape = b"".join(_message(1, length) for length in lengths)
    tensor = _number(1, _TENSOR_TYPES["float32"]) + _message(2, shape)
    return _text(1, port.name) + _message(2, _message(1, tensor))


def _number(field_number: int, value: int) -> bytes:
    return _varint(field_number << 3) + _varint(value)


def _text(field_number: int, value: str) -> bytes:
    return _message(field_number, value.encode())


def _message(field_number: int, content: bytes) -> bytes:
    return _varint(field_number << 3 | 2) + _varint(len(content)) + content


def _varint(value: int) -> bytes:
    """Seven bits a byte, the least first; the eighth says that more follow."""
    groups = [value & 127]
    while value := value >> 7:
        groups.append(value & 127)
    return bytes([*(group | 128 for group in groups[:-1]), groups[-1]])
