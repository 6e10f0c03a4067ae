"""Writes Fixtures/graph.onnx: a small graph, by Python's onnx.

    python onnx_graph.py ../Fixtures

Made with onnx 1.23.2. Has every kind of attribute, of dimension and of element that senti writes;
the test builds the same graph and expects the same bytes.
"""

import pathlib
import struct
import sys

from onnx import TensorProto, helper


def body():
    """What lies in a node; its names are not those of the graph around it."""
    nodes = [
        helper.make_node("Add", ["row", "step_number_2.0"], ["step_Add_0"]),
        helper.make_node("Add", ["sum", "step_Add_0"], ["step_Add_1"]),
        helper.make_node("Identity", ["step_Add_1"], ["next"]),
    ]
    number = helper.make_tensor("step_number_2.0", TensorProto.FLOAT, [], float_bytes(2), raw=True)
    row, total, following = (
        helper.make_tensor_value_info(name, TensorProto.FLOAT, [2]) for name in ("row", "sum", "next"))
    return helper.make_graph(nodes, "step", [total, row], [following], [number])


def model():
    batch = "batch"
    nodes = [
        helper.make_node("Gather", ["table", "tokens"], ["Gather_0"]),
        helper.make_node("Transpose", ["Gather_0"], ["Transpose_1"], perm=[1, 0, 2]),
        helper.make_node(
            "RNN", ["Transpose_1", "table", "table", "", "lengths"], ["RNN_2", "RNN_2_1"],
            activations=["Elu"], activation_alpha=[0.5], clip=3.0, direction="forward",
            hidden_size=2),
        helper.make_node(
            "Scan", ["table", "table"], ["Scan_3"], body=body(), num_scan_inputs=1),
        helper.make_node("Identity", ["RNN_2_1"], ["states"]),
    ]
    for node in nodes:
        # The order in which the test names them.
        node.attribute.sort(key=lambda attribute: attribute.name)
    initializers = [
        helper.make_tensor(
            "table", TensorProto.FLOAT, [2, 3],
            b"".join(map(float_bytes, [0.5, -1, 2, 1e-3, 300, 0])), raw=True),
        helper.make_tensor(
            "minus_one", TensorProto.INT64, [], (-1).to_bytes(8, "little", signed=True), raw=True),
    ]
    inputs = [
        helper.make_tensor_value_info("tokens", TensorProto.INT64, [batch, "time"]),
        helper.make_tensor_value_info("lengths", TensorProto.INT32, [batch]),
    ]
    outputs = [helper.make_tensor_value_info("states", TensorProto.FLOAT, [1, batch, 2])]
    graph = helper.make_graph(nodes, "small", inputs, outputs, initializers)
    result = helper.make_model(
        graph, opset_imports=[helper.make_opsetid("", 14)], ir_version=7, producer_name="senti")
    helper.set_model_props(result, {"a": "first", "b": "h\u00e9"})
    return result


def float_bytes(value):
    return struct.pack("<f", value)


if __name__ == "__main__":
    path = pathlib.Path(sys.argv[1]) / "graph.onnx"
    path.write_bytes(model().SerializeToString(deterministic=True))
