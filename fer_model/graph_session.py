"""Opens ONNX graphs for inference on a CPU."""

import onnxruntime


def open_graph(graph: bytes) -> onnxruntime.InferenceSession:
    """Open a graph for one thread: processes share a machine better, and sums keep their order."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3  # errors only
    return onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
