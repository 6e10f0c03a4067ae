"""Checks that senti, PyTorch and ONNX Runtime write the same from the same model files.

    python interchange_generation.py SENTI FOLDER --vectors FILE --texts FILE --models FILES ...

Each model is loaded into torch.nn, name by name, and exported by `senti model export --onnx`. All
three write greedily: PyTorch, in double precision, and ONNX Runtime in one padded batch, ONNX Runtime
also one by one.

A line of the table is a model. `torch` is the greatest difference between the log-probabilities of
the tokens that PyTorch and senti write, `onnx` that between ONNX Runtime and senti, and `all tokens`
that between the two peers' log-probabilities of all tokens at every step; each as a share of the
number where that is above 1. senti draws from the one likeliest token, for which it computes the whole
softmax; `screened` is the difference of `torch` for its greedy search, which of a large vocabulary
rounds what is not likely. Exits with 1 when the first is above 1e-5, the next two above 1e-4, the last
above 1e-2 or any of them not a number, or where another token is written. FOLDER receives the files.
"""

import argparse
import json
import pathlib
import subprocess
import sys
import tempfile

import numpy
import onnx
import onnxruntime
import tokenizers
import torch
from safetensors import safe_open

from decoder_net import GenerationNet
from interchange import ONNX_LIMIT, TORCH_LIMIT
from senti_model import padded

START, END, LONGEST = 2, 3, 24
SCREEN_LIMIT = 1e-2


class Model:
    """What a model file holds, and its net in torch.nn."""

    def __init__(self, path):
        with safe_open(path, framework="pt") as archive:
            self.metadata = dict(archive.metadata())
            tensors = {name: archive.get_tensor(name) for name in archive.keys()}
        self.vocabularies = {
            name: bytes(tensors.pop(name).tolist())
            for name in ("vocabulary", "source_vocabulary") if name in tensors}
        shape = json.loads(self.metadata["senti.architecture"])
        self.vector_size = shape["decoder"]["vectorSize"]
        self.net = self.make_net(shape["decoder"], shape.get("encoder")).double().eval()
        slots = self.net.named_slots()
        # Every tensor must have the name and the shape that PyTorch gives it.
        assert slots.keys() == tensors.keys(), slots.keys() ^ tensors.keys()
        with torch.no_grad():
            for name, slot in slots.items():
                assert slot.shape == tensors[name].shape, name
                slot.copy_(tensors[name])

    @staticmethod
    def make_net(decoder, encoder):
        if encoder is not None:
            encoder = dict(
                cell=encoder["cell"], vocabulary_size=encoder["vocabularySize"],
                hidden_size=encoder["hiddenSize"], layer_count=encoder["layerCount"],
                is_bidirectional=encoder["isBidirectional"],
                shares_embedding=encoder["sharesEmbedding"])
        return GenerationNet(
            decoder["vocabularySize"], decoder["vectorSize"], entry=decoder["entry"],
            embedding_size=decoder["embeddingSize"], cell=decoder["cell"],
            hidden_size=decoder["hiddenSize"], layer_count=decoder["layerCount"],
            attention=decoder.get("attention"),
            is_tied=decoder["isTied"] or decoder["entry"] == "then-zeros", encoder=encoder)

    @property
    def is_translator(self):
        return self.metadata["senti.kind"] == "translator"

    def token_ids(self, senti, texts):
        """The token ids of texts and the end, as the encoder reads them."""
        codec = self.metadata["senti.source_codec"]
        if codec == "shared":
            codec = self.metadata["senti.target_codec"]
        vocabulary = self.vocabularies.get("source_vocabulary", self.vocabularies["vocabulary"])
        if codec == "subwords":
            tokenizer = tokenizers.Tokenizer.from_str(vocabulary.decode())
            return [tokenizer.encode(" " + text).ids + [END] for text in texts]
        ids = []
        with tempfile.NamedTemporaryFile(suffix=".vocab") as file:
            file.write(vocabulary)
            file.flush()
            for text in texts:
                command = [senti, "tokenize", "--vocab", file.name, "--format", "jsonl"]
                lines = subprocess.run(
                    command, input=text.encode(), check=True, stdout=subprocess.PIPE).stdout
                ids.append([json.loads(line)["id"] for line in lines.splitlines()] + [END])
        return ids


def greedy(step, row_count, limits):
    """The tokens that `step` makes most probable, their log-probabilities, and those of all."""
    tokens = numpy.full(row_count, START)
    written = [[] for _ in range(row_count)]
    found = [[] for _ in range(row_count)]
    everything = [[] for _ in range(row_count)]
    for position in range(max(limits) + 1):
        scores = step(tokens)
        tokens = scores.argmax(-1)
        for row in range(row_count):
            if written[row] and written[row][-1] == END:
                continue
            if position == limits[row]:
                tokens[row] = END
            written[row].append(int(tokens[row]))
            found[row].append(float(scores[row, tokens[row]]))
            everything[row].append(scores[row])
    return written, found, everything


def torch_greedy(model, sources, limits):
    with torch.no_grad():
        if model.is_translator:
            state = model.net.start(*padded(sources))
        else:
            state = model.net.start(torch.tensor(sources, dtype=torch.float64))

        def step(tokens):
            logits = model.net(torch.tensor(tokens)[:, None], state)
            return logits[:, 0].log_softmax(-1).numpy()

        return greedy(step, len(sources), limits)


def sessions(path):
    result = []
    for half in ("encoder", "decoder"):
        file = path.with_name(f"{path.stem}-{half}.onnx")
        onnx.checker.check_model(onnx.load(file), full_check=True)
        result.append(onnxruntime.InferenceSession(file, providers=["CPUExecutionProvider"]))
    return result


def onnx_greedy(encoder, decoder, model, sources, limits):
    if model.is_translator:
        tokens, lengths = padded(sources)
        feeds = {"tokens": tokens.numpy(), "lengths": lengths.numpy()}
    else:
        feeds = {"vectors": numpy.array(sources, numpy.float32)}
    names = [output.name for output in encoder.get_outputs()]
    state = dict(zip(names, encoder.run(names, feeds)))
    if "memory" in state:
        state["lengths"] = feeds["lengths"]

    def step(tokens):
        names = ["log_probabilities", "next_states"]
        scores, state["states"] = decoder.run(names, {"tokens": tokens} | state)
        return scores

    return greedy(step, len(sources), limits)


def senti_tokens(command):
    """For each input the log-probabilities of the tokens that senti writes, the end included."""
    # What is cut is told of on standard error.
    lines = subprocess.run(command, check=True, capture_output=True).stdout.splitlines()
    best = [json.loads(line)["hypotheses"][0]["tokens"] for line in lines]
    return [[token["log_probability"] for token in tokens] for tokens in best]


def difference(first, second):
    """The greatest difference of two lists of rows; infinite where they are not alike."""
    if [len(row) for row in first] != [len(row) for row in second]:
        return float("inf")
    # Of several differences NaN is the greatest to NumPy, while Python's max may leave it out.
    return numpy.max([
        (numpy.abs(numpy.subtract(*rows)) / numpy.maximum(1, numpy.abs(rows[0]))).max()
        for rows in zip(first, second)])


def fitting(vectors, width):
    """A file of vectors that are so wide: the given one, or one of random numbers beside it."""
    if numpy.load(vectors, mmap_mode="r").shape[1] == width:
        return vectors
    with tempfile.NamedTemporaryFile(suffix=".npy", delete=False) as file:
        numpy.save(file, numpy.random.default_rng(1).random((24, width), numpy.float32))
        return pathlib.Path(file.name)


def check(senti, path, vectors, texts):
    model = Model(path)
    vectors = fitting(vectors, model.vector_size) if not model.is_translator else vectors
    verb = ["translate", texts] if model.is_translator else ["caption", vectors]
    command = [senti, *verb, "-m", path, "--format", "jsonl", "--max-length", str(LONGEST)]
    ours, greedily = senti_tokens([*command, "--exact"]), senti_tokens(command)
    if model.is_translator:
        sources = model.token_ids(senti, texts.read_text().splitlines())
        limits = [min(LONGEST, 2 * len(source) + 10) for source in sources]
    else:
        sources = numpy.load(vectors).astype(numpy.float32)
        limits = [LONGEST] * len(sources)
    export = path.with_suffix(".onnx")
    subprocess.run([senti, "model", "export", path, "--onnx", "-o", export, "--force"], check=True)
    pair = sessions(export)
    written, found, everything = torch_greedy(model, sources, limits)
    together = onnx_greedy(*pair, model, sources, limits)
    alone = [onnx_greedy(*pair, model, [source], [limit])
             for source, limit in zip(sources, limits)]
    is_same = together[0] == written and [one[0][0] for one in alone] == written
    differences = [
        difference(found, ours),
        numpy.max([
            difference(together[1], ours), difference([one[1][0] for one in alone], ours)]),
        difference([numpy.stack(row) for row in everything],
                   [numpy.stack(row) for row in together[2]]) if is_same else float("inf"),
        difference(found, greedily)]
    limits = [TORCH_LIMIT, ONNX_LIMIT, ONNX_LIMIT, SCREEN_LIMIT]
    is_right = all(found <= limit for found, limit in zip(differences, limits))
    cells = " | ".join(f"{difference:.1e}" for difference in differences)
    count = sum(len(row) for row in written)
    print(f"| {path.stem} | {count} | {cells} | {'' if is_right else 'WRONG'} |", flush=True)
    return is_right


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("senti", type=pathlib.Path)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--vectors", type=pathlib.Path, required=True)
    parser.add_argument("--texts", type=pathlib.Path, required=True)
    parser.add_argument("--models", type=pathlib.Path, nargs="+", required=True)
    options = parser.parse_args()
    print("| model | tokens | torch | onnx | all tokens | screened | |\n|---|---|---|---|---|---|---|")
    results = []
    for path in options.models:
        copy = options.folder / path.name
        if copy.resolve() != path.resolve():
            copy.write_bytes(path.read_bytes())
        results.append(check(options.senti, copy, options.vectors, options.texts))
    print(f"\n{sum(results)} of {len(results)} models are right")
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
