"""Measures ONNX Runtime's GRU and LSTM operators on the inference works of `recurrent`.

    python recurrent_onnxruntime.py FOLDER --json FIGURES.jsonl [--works ...] [--threads ...]

FOLDER is one that `workload` wrote. The graph is Gather (word vectors) and one recurrent operator,
GRU with linear_before_reset = 1, which is PyTorch's form; lengths go in as `sequence_lens`. Weights
are random, for the time does not depend on them. Arrays are made before the clock starts.
"""

import argparse
import json
import pathlib

import numpy
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

from figures import add_clock, counts_processor_time, figure, median_time

GATE_COUNTS = {"gru": 3, "lstm": 4}
WORKS = ("inference-fixed", "inference-reviews", "inference-one")
OPSET, IR_VERSION = 14, 8


def weights(cell, options):
    """W [1, G*H, I], R [1, G*H, H] and B [1, 2*G*H] as initializers."""
    generator = numpy.random.default_rng(1)
    hidden, gates = options.hidden_size, GATE_COUNTS[cell] * options.hidden_size
    shapes = {"W": (1, gates, hidden), "R": (1, gates, hidden), "B": (1, 2 * gates)}
    bound = hidden ** -0.5
    for name, shape in shapes.items():
        values = generator.uniform(-bound, bound, shape).astype(numpy.float32)
        yield numpy_helper.from_array(values, name)


def recurrent_node(cell, options, lengths):
    attributes = {"linear_before_reset": 1} if cell == "gru" else {}
    return helper.make_node(
        cell.upper(), ["X", "W", "R", "B", lengths], ["Y"], hidden_size=options.hidden_size,
        **attributes)


def dense_model(cell, options):
    inputs = [helper.make_tensor_value_info("X", TensorProto.FLOAT, ["T", "B", options.hidden_size])]
    return model([recurrent_node(cell, options, "")], inputs, list(weights(cell, options)), options)


def words_model(cell, options):
    generator = numpy.random.default_rng(2)
    shape = (options.vocabulary_size, options.hidden_size)
    table = generator.standard_normal(shape, dtype=numpy.float32)
    nodes = [
        helper.make_node("Gather", ["table", "tokens"], ["X"]),
        recurrent_node(cell, options, "lengths"),
    ]
    inputs = [
        helper.make_tensor_value_info("tokens", TensorProto.INT64, ["T", "B"]),
        helper.make_tensor_value_info("lengths", TensorProto.INT32, ["B"]),
    ]
    initializers = [numpy_helper.from_array(table, "table"), *weights(cell, options)]
    return model(nodes, inputs, initializers, options)


def model(nodes, inputs, initializers, options):
    output = helper.make_tensor_value_info(
        "Y", TensorProto.FLOAT, ["T", 1, "B", options.hidden_size])
    graph = helper.make_graph(nodes, "recurrent", inputs, [output], initializers)
    opsets = [helper.make_opsetid("", OPSET)]
    return helper.make_model(graph, opset_imports=opsets, ir_version=IR_VERSION)


def session(onnx_model, threads):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
    return onnxruntime.InferenceSession(
        onnx_model.SerializeToString(), options, providers=["CPUExecutionProvider"])


def read_feeds(path):
    """For each batch its inputs, time-major and padded with 0."""
    for line in path.read_text().splitlines():
        sequences = json.loads(line)
        lengths = numpy.array([len(sequence) for sequence in sequences], numpy.int32)
        tokens = numpy.zeros((lengths.max(), len(sequences)), numpy.int64)
        for index, sequence in enumerate(sequences):
            tokens[: len(sequence), index] = sequence
        yield {"tokens": tokens, "lengths": lengths}


def measure(work, cell, threads, options):
    if work == "inference-fixed":
        runner = session(dense_model(cell, options), threads)
        shape = (options.step_count, options.batch_size, options.hidden_size)
        dense = numpy.random.default_rng(3).standard_normal(shape, dtype=numpy.float32)
        seconds = median_time(lambda: runner.run(["Y"], {"X": dense}), options.seconds, options.clock)
        rate = options.step_count * options.batch_size / seconds
        return figure("onnxruntime", work, cell, threads, rate)
    runner = session(words_model(cell, options), threads)
    name = "one.jsonl" if work == "inference-one" else "reviews.jsonl"
    feeds = list(read_feeds(options.folder / name))
    seconds = median_time(
        lambda: [runner.run(["Y"], feed) for feed in feeds], options.seconds, options.clock)
    if work == "inference-one":
        return figure("onnxruntime", work, cell, threads, seconds * 1000, "ms")
    count = sum(int(feed["lengths"].sum()) for feed in feeds)
    return figure("onnxruntime", work, cell, threads, count / seconds)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--json", type=pathlib.Path, required=True)
    parser.add_argument("--works", nargs="+", choices=WORKS, default=WORKS)
    parser.add_argument("--cells", nargs="+", choices=list(GATE_COUNTS), default=list(GATE_COUNTS))
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--seconds", type=float, default=2, help="time for each figure")
    parser.add_argument("--hidden-size", type=int, default=256)
    parser.add_argument("--vocabulary-size", type=int, default=30_000)
    parser.add_argument("--batch-size", type=int, default=64)
    parser.add_argument("--step-count", type=int, default=256)
    add_clock(parser)
    return parser.parse_args()


def main():
    options = arguments()
    with options.json.open("w") as file:
        for work in options.works:
            for cell in options.cells:
                is_single = work == "inference-one" or counts_processor_time(options)
                threads = options.threads[:1] if is_single else options.threads
                for count in threads:
                    result = measure(work, cell, count, options)
                    print(json.dumps(result), file=file, flush=True)
                    print(result, flush=True)


if __name__ == "__main__":
    main()
