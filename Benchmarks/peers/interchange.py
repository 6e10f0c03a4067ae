"""Checks that senti, PyTorch and ONNX Runtime get the same numbers from the same model files.

    python interchange.py SENTI FOLDER [--texts FILES ...] [--models FILES ...]

1. Each model of --models, which senti wrote, is loaded into torch.nn.
2. Models of all cells, directions, depths and poolings are written by PyTorch with random weights,
   and loaded by senti.
3. All of them are exported by `senti model export --onnx` and run in ONNX Runtime: in one padded
   batch together with a text of no tokens, and one by one.

A line of the table is a model. `torch` is the greatest difference between senti's probabilities and
PyTorch's, as logarithms; `onnx` is that between ONNX Runtime's and senti's, and `logits` that between
ONNX Runtime's logits and PyTorch's. Exits with 1 when the first is above 1e-5, another above 1e-4, or
any of them not a number. FOLDER receives the files.
"""

import argparse
import itertools
import json
import pathlib
import subprocess
import sys

import numpy
import onnx
import onnxruntime
import torch

from cells import CELLS
from senti_model import Architecture, Model, Net, padded

TORCH_LIMIT, ONNX_LIMIT = 1e-5, 1e-4
POOLINGS = [["last", "max", "mean"], ["last"], ["max"], ["mean", "last"]]


def random_nets(model):
    """Nets of every cell in one and two directions and layers; poolings take turns."""
    poolings = itertools.cycle(POOLINGS)
    for cell, is_bidirectional, layers in itertools.product(CELLS, [False, True], [1, 2]):
        shape = vars(model.architecture) | {
            "cell": cell, "isBidirectional": is_bidirectional, "layerCount": layers,
            "embeddingSize": 19, "hiddenSize": 23, "pooling": next(poolings)}
        net = Net(Architecture(**shape))
        with torch.no_grad():
            # PyTorch's own weights hardly tell one text from another.
            for parameter in net.output.parameters():
                parameter.mul_(20)
            if "sigmoid" in cell:
                # States that are all near one half hardly differ either.
                for name, parameter in net.encoder.named_parameters():
                    if name.startswith("weight"):
                        parameter.mul_(4)
        yield net


def senti_probabilities(senti, path, files):
    command = [senti, "classify", "--model", path, "--format", "jsonl", *files]
    lines = subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout.splitlines()
    return numpy.array([list(json.loads(line)["probabilities"].values()) for line in lines])


def torch_logits(model, sequences):
    with torch.no_grad():
        return model.net(*padded(sequences)).numpy()


def probabilities(logits, temperature):
    return torch.softmax(torch.tensor(logits).double() / temperature, 1).numpy()


def onnx_outputs(path, sequences):
    """Probabilities and logits: of all in one batch, and the same with each text alone."""
    onnx.checker.check_model(onnx.load(path), full_check=True)
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])

    def run(batch):
        tokens, lengths = padded(batch)
        feeds = {"tokens": tokens.numpy(), "lengths": lengths.numpy()}
        return numpy.concatenate(session.run(["probabilities", "logits"], feeds), 1)

    # A text of no tokens is answered from states of zeros: by the output's bias.
    together = run(sequences + [[]])
    alone = numpy.concatenate([run([sequence]) for sequence in sequences])
    return together[:-1], alone, together[-1]


def check(name, senti, path, files):
    """The differences of one model, and whether they are small enough."""
    model = Model(path)
    sequences = model.token_ids(senti, files)
    ours = senti_probabilities(senti, path, files)
    logits = torch_logits(model, sequences)
    export = path.with_suffix(".onnx")
    command = [senti, "model", "export", path, "--onnx", "-o", export, "--force"]
    subprocess.run(command, check=True)
    together, alone, empty = onnx_outputs(export, sequences)
    class_count = model.architecture.classCount

    def greatest(first, second):
        return float(numpy.abs(first - second).max())

    bias = model.net.output.bias.detach().numpy()
    # Of several differences NaN is the greatest to NumPy, while Python's max may leave it out.
    differences = [
        greatest(numpy.log(ours), numpy.log(probabilities(logits, model.temperature))),
        numpy.max([greatest(numpy.log(part[:, :class_count]), numpy.log(ours))
                   for part in (together, alone)]),
        numpy.max([*(greatest(part[:, class_count:], logits) for part in (together, alone)),
                   greatest(empty[class_count:], bias)]),
    ]
    limits = [TORCH_LIMIT, ONNX_LIMIT, ONNX_LIMIT]
    is_right = all(found <= limit for found, limit in zip(differences, limits))
    spread = float(ours[:, 0].max() - ours[:, 0].min())
    cells = [f"{difference:.1e}" for difference in differences]
    print(f"| {name} | {cells[0]} | {cells[1]} | {cells[2]} | {spread:.2f} |"
          f" {'' if is_right else 'WRONG'} |", flush=True)
    # Weights that answer all texts alike would prove nothing.
    return is_right and spread > 0.01


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("senti", type=pathlib.Path)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--texts", type=pathlib.Path, nargs="+", required=True)
    parser.add_argument("--models", type=pathlib.Path, nargs="+", required=True)
    options = parser.parse_args()
    torch.manual_seed(1)
    print(f"{len(options.texts)} texts; torch {torch.__version__}, onnxruntime "
          f"{onnxruntime.__version__}; limits {TORCH_LIMIT:.0e} and {ONNX_LIMIT:.0e}\n")
    print("| model | torch | onnx | logits | spread of answers | |\n|---|---|---|---|---|---|")
    results = []
    for path in options.models:
        copy = options.folder / path.name
        copy.write_bytes(path.read_bytes())
        results.append(check(f"written by senti: {path.stem}", options.senti, copy, options.texts))
    template = Model(options.models[-1])
    for net in random_nets(template):
        shape = net.architecture
        directions = "both" if shape.isBidirectional else "forward"
        name = f"{shape.cell}, {shape.layerCount} layers, {directions}, {'+'.join(shape.pooling)}"
        path = options.folder / f"{len(results)}.safetensors"
        template.write(path, net)
        results.append(check(f"written by PyTorch: {name}", options.senti, path, options.texts))
    print(f"\n{sum(results)} of {len(results)} models are right")
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
