"""Scores a CSV file with a transformer of DistilBERT's shape in ONNX Runtime, quantized to int8.

    python score_distilbert.py REVIEWS.csv FOLDER --answers OUT.csv --json FIGURE.json

Six layers of 768 with 12 heads and 3,072 in between, 30,522 word pieces, at most 512 of them a text,
as DistilBERT has it. The weights are random, for the time does not depend on them, and so are the
answers. Weights are quantized by `quantize_dynamic`, as ONNX Runtime's guide does it; word pieces are
learned from the file's first rows. Rows are sorted by length within windows of 256 and scored in
batches of 8. FOLDER keeps the model and the word pieces.
"""

import csv
import itertools
import math

import numpy
import onnxruntime
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic
from tokenizers import BertWordPieceTokenizer, Tokenizer

from scoring import parser, run, sorted_batches

LAYERS, WIDTH, HEADS, INNER, PIECES, LONGEST = 6, 768, 12, 3072, 30_522, 512
WINDOW, BATCH_SIZE, TRAINING_ROWS = 256, 8, 4000


class Graph:
    """Nodes and random weights of the transformer."""

    def __init__(self):
        self.nodes, self.initializers = [], []
        self.generator = numpy.random.default_rng(1)

    def constant(self, values):
        name = f"constant_{len(self.initializers)}"
        self.initializers.append(numpy_helper.from_array(values, name))
        return name

    def weights(self, *shape):
        values = self.generator.standard_normal(shape, dtype=numpy.float32)
        return self.constant(numpy.float32(0.02) * values)

    def node(self, operation, *inputs, **attributes):
        name = f"{operation}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(operation, list(inputs), [name], **attributes))
        return name

    def linear(self, value, inputs, outputs):
        product = self.node("MatMul", value, self.weights(inputs, outputs))
        return self.node("Add", product, self.weights(outputs))

    def normalized(self, value):
        ones = self.constant(numpy.ones(WIDTH, numpy.float32))
        return self.node("LayerNormalization", value, ones, self.weights(WIDTH), axis=-1)

    def attention(self, value, mask):
        shape = self.constant(numpy.array([0, 0, HEADS, WIDTH // HEADS], numpy.int64))

        def heads(order):
            split = self.node("Reshape", self.linear(value, WIDTH, WIDTH), shape)
            return self.node("Transpose", split, perm=order)

        products = self.node("MatMul", heads([0, 2, 1, 3]), heads([0, 2, 3, 1]))
        scale = self.constant(numpy.float32(math.sqrt(WIDTH // HEADS)))
        shares = self.node("Softmax", self.node("Add", self.node("Div", products, scale), mask))
        mixed = self.node("Transpose", self.node("MatMul", shares, heads([0, 2, 1, 3])),
                          perm=[0, 2, 1, 3])
        joined = self.node("Reshape", mixed, self.constant(numpy.array([0, 0, WIDTH], numpy.int64)))
        return self.linear(joined, WIDTH, WIDTH)

    def gelu(self, value):
        half, one = (self.constant(numpy.float32(number)) for number in (0.5, 1))
        root = self.constant(numpy.float32(math.sqrt(2)))
        error = self.node("Erf", self.node("Div", value, root))
        return self.node("Mul", self.node("Mul", value, self.node("Add", error, one)), half)


def model():
    graph = Graph()
    table = graph.node("Gather", graph.weights(PIECES, WIDTH), "tokens")
    places = graph.node("Gather", graph.weights(LONGEST, WIDTH), "places")
    value = graph.normalized(graph.node("Add", table, places))
    for _ in range(LAYERS):
        value = graph.normalized(graph.node("Add", value, graph.attention(value, "mask")))
        inner = graph.gelu(graph.linear(value, WIDTH, INNER))
        value = graph.normalized(graph.node("Add", value, graph.linear(inner, INNER, WIDTH)))
    first = graph.node("Gather", value, graph.constant(numpy.int64(0)), axis=1)
    hidden = graph.node("Relu", graph.linear(first, WIDTH, WIDTH))
    graph.nodes.append(helper.make_node("Softmax", [graph.linear(hidden, WIDTH, 2)], ["answers"]))
    inputs = [
        helper.make_tensor_value_info("tokens", TensorProto.INT64, ["B", "T"]),
        helper.make_tensor_value_info("places", TensorProto.INT64, ["T"]),
        helper.make_tensor_value_info("mask", TensorProto.FLOAT, ["B", 1, 1, "T"]),
    ]
    outputs = [helper.make_tensor_value_info("answers", TensorProto.FLOAT, ["B", 2])]
    content = helper.make_graph(graph.nodes, "transformer", inputs, outputs, graph.initializers)
    return helper.make_model(content, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)


def quantized(folder):
    """The path of the quantized model, made where there is none."""
    path, whole = folder / "transformer-int8.onnx", folder / "transformer.onnx"
    if not path.exists():
        whole.write_bytes(model().SerializeToString())
        quantize_dynamic(whole, path, weight_type=QuantType.QInt8)
        whole.unlink()
    return path


def word_pieces(folder, source):
    """A tokenizer with word pieces of the file's first rows."""
    path = folder / "pieces.json"
    if not path.exists():
        with source.open(newline="", encoding="utf-8") as file:
            rows = itertools.islice(csv.DictReader(file), TRAINING_ROWS)
            texts = [row["text"] for row in rows]
        trained = BertWordPieceTokenizer()
        trained.train_from_iterator(texts, vocab_size=PIECES, show_progress=False)
        trained.save(str(path))
    tokenizer = Tokenizer.from_file(str(path))
    tokenizer.enable_truncation(LONGEST)
    return tokenizer


def main():
    options = parser(__doc__).parse_args()
    options.model.mkdir(exist_ok=True)
    settings = onnxruntime.SessionOptions()
    settings.intra_op_num_threads, settings.inter_op_num_threads = options.threads, 1
    session = onnxruntime.InferenceSession(
        quantized(options.model), settings, providers=["CPUExecutionProvider"])
    tokenizer = word_pieces(options.model, options.csv)

    def score(texts):
        sequences = [encoding.ids for encoding in tokenizer.encode_batch(texts)]
        result = numpy.zeros(len(sequences))
        for indices in sorted_batches(sequences, BATCH_SIZE):
            lengths = numpy.array([len(sequences[index]) for index in indices])
            tokens = numpy.zeros((len(indices), lengths.max()), numpy.int64)
            for row, index in enumerate(indices):
                tokens[row, : lengths[row]] = sequences[index]
            places = numpy.arange(tokens.shape[1])
            mask = numpy.where(places < lengths[:, None], 0, -1e4).astype(numpy.float32)
            feeds = {"tokens": tokens, "places": places, "mask": mask[:, None, None]}
            result[indices] = session.run(["answers"], feeds)[0][:, 1]
        return result, sum(map(len, sequences))

    run(options, "transformer of DistilBERT's shape, onnxruntime int8", score, WINDOW)


if __name__ == "__main__":
    main()
