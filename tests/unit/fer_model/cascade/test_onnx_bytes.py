"""What we write is ONNX: the package's own checker reads it, and onnxruntime computes by it."""

import numpy as np
import pytest

from fer_model.cascade.onnx_bytes import Node, Port, model_bytes
from fer_model.graph_session import open_graph


def make_model() -> bytes:
    nodes = [
        Node(operator="Conv", inputs=("picture", "weight"), outputs=("sum",)),
        Node(operator="MaxPool", inputs=("sum",), outputs=("largest",), attributes={"kernel_shape": (2, 2)}),
        Node(operator="Flatten", inputs=("largest",), outputs=("answer",), attributes={"axis": 1}),
    ]
    weight = np.full((200, 1, 1, 1), 2, np.float32)  # longer than a byte can tell
    return model_bytes(
        nodes,
        {"weight": weight},
        takes=Port(name="picture", shape=("n", 1, "height", "width")),
        gives=Port(name="answer", shape=("n", "numbers")),
    )


def test_the_package_onnx_finds_no_fault() -> None:
    onnx = pytest.importorskip("onnx")
    model = onnx.load_from_string(make_model())
    onnx.checker.check_model(model, full_check=True)
    assert [node.op_type for node in model.graph.node] == ["Conv", "MaxPool", "Flatten"]


def test_onnxruntime_computes_what_was_written() -> None:
    picture = np.array([[1, 5, 2], [3, 4, 0]], np.float32)[None, None]
    (answer,) = open_graph(make_model()).run(["answer"], {"picture": picture})
    assert answer.tolist() == [[10, 10] * 200]
