"""A senti model file in Python: its parts, the same net in torch.nn, and its tokenizer.

Imported by the scripts beside it.
"""

import json
import pathlib
import subprocess
import tempfile
from dataclasses import dataclass

import torch
import xxhash
from safetensors import safe_open
from safetensors.torch import save_file
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

CHECKSUM = "senti.checksum"


@dataclass
class Architecture:
    """The shape of a net, by the names of `senti.architecture`."""

    vocabularySize: int
    classCount: int
    embeddingSize: int
    cell: str
    hiddenSize: int
    layerCount: int
    isBidirectional: bool
    pooling: list

    @property
    def directions(self):
        return 2 if self.isBidirectional else 1


def simple_step(activation):
    """A step of a simple layer, from the products of its input and of its state."""
    return lambda input, recurrent, layer, state: (activation(input + recurrent),)


def gru_reset_before_step(input, recurrent, layer, state):
    """A step of a GRU whose reset gate comes before the product: Cho et al. 2014."""
    input_r, input_z, input_n = input.chunk(3)
    recurrent_r, recurrent_z, _ = recurrent.chunk(3)
    reset = torch.sigmoid(input_r + recurrent_r)
    update = torch.sigmoid(input_z + recurrent_z)
    weights, bias = layer["weight_hh"].chunk(3)[2], layer["bias_hh"].chunk(3)[2]
    candidate = torch.tanh(input_n + weights @ (reset * state[0]) + bias)
    return ((1 - update) * candidate + update * state[0],)


def lstm_peephole_step(input, recurrent, layer, state):
    """A step of an LSTM whose gates see the cell state: Gers et al. 2002."""
    to_input, to_forget, to_output = layer["weight_ch"].chunk(3)
    sum_i, sum_f, sum_g, sum_o = (input + recurrent).chunk(4)
    cell = torch.sigmoid(sum_f + to_forget * state[1]) * state[1]
    cell = cell + torch.sigmoid(sum_i + to_input * state[1]) * torch.tanh(sum_g)
    return torch.sigmoid(sum_o + to_output * cell) * torch.tanh(cell), cell


# What torch.nn has, and what it has not: a layer of the same parameters, and the step.
MODULES = {
    "gru": (torch.nn.GRU, {}), "lstm": (torch.nn.LSTM, {}),
    "rnn": (torch.nn.RNN, {"nonlinearity": "tanh"}),
    "rnn-relu": (torch.nn.RNN, {"nonlinearity": "relu"}),
}
STEPS = {
    "rnn-elu": (torch.nn.RNN, simple_step(torch.nn.functional.elu)),
    "rnn-leaky-relu": (torch.nn.RNN, simple_step(torch.nn.functional.leaky_relu)),
    "rnn-sigmoid": (torch.nn.RNN, simple_step(torch.sigmoid)),
    "rnn-hard-sigmoid": (torch.nn.RNN, simple_step(torch.nn.functional.hardsigmoid)),
    "rnn-softsign": (torch.nn.RNN, simple_step(torch.nn.functional.softsign)),
    "gru-reset-before-product": (torch.nn.GRU, gru_reset_before_step),
    "lstm-peephole": (torch.nn.LSTM, lstm_peephole_step),
}
CELLS = [*MODULES, *STEPS]


def run_steps(step, layer, inputs):
    """The states of one sequence, [T, H], by a layer's parameters without their suffix."""
    size = layer["weight_hh"].shape[1]
    state, states = (torch.zeros(size), torch.zeros(size)), []
    for row in inputs:
        state = step(layer["weight_ih"] @ row + layer["bias_ih"],
                     layer["weight_hh"] @ state[0] + layer["bias_hh"], layer, state)
        states.append(state[0])
    return torch.stack(states)


class Net(torch.nn.Module):
    """The net of `SentimentNetwork`: embedding, recurrent layers, pooling, a linear layer."""

    def __init__(self, architecture):
        super().__init__()
        self.architecture = shape = architecture
        self.embedding = torch.nn.Embedding(shape.vocabularySize, shape.embeddingSize)
        self.step = None
        if shape.cell in STEPS:
            (layer, self.step), options = STEPS[shape.cell], {}
        else:
            layer, options = MODULES[shape.cell]
        self.encoder = layer(
            shape.embeddingSize, shape.hiddenSize, num_layers=shape.layerCount,
            bidirectional=shape.isBidirectional, batch_first=True, **options)
        if shape.cell == "lstm-peephole":
            for suffix in self.suffixes:
                peepholes = torch.nn.Parameter(torch.randn(3 * shape.hiddenSize))
                self.encoder.register_parameter("weight_ch" + suffix, peepholes)
        width = shape.hiddenSize * shape.directions * len(shape.pooling)
        self.output = torch.nn.Linear(width, shape.classCount)

    @property
    def suffixes(self):
        """What the parameters of a layer in a direction end in."""
        directions = ["", "_reverse"][:self.architecture.directions]
        return [f"_l{level}{direction}" for level in range(self.architecture.layerCount)
                for direction in directions]

    def forward(self, tokens, lengths):
        """The logits of padded sequences, [B, C]; lengths are at least 1."""
        words = self.embedding(tokens)
        if self.step:
            outputs = self.step_outputs(words, lengths)
        else:
            packed = pack_padded_sequence(words, lengths, batch_first=True, enforce_sorted=False)
            outputs, _ = pad_packed_sequence(self.encoder(packed)[0], batch_first=True)
        return self.output(self.pooled(outputs, lengths))

    def pooled(self, outputs, lengths):
        """[B, T, D·H] -> [B, P·D·H], over the real steps."""
        hidden = self.architecture.hiddenSize
        rows = torch.arange(len(lengths))
        real = (torch.arange(outputs.shape[1])[None] < lengths[:, None])[..., None]
        parts = []
        for kind in self.architecture.pooling:
            if kind == "last":
                parts.append(outputs[rows, lengths - 1, :hidden])
                if self.architecture.isBidirectional:
                    parts.append(outputs[:, 0, hidden:])
            elif kind == "max":
                parts.append(outputs.masked_fill(~real, -torch.inf).amax(1))
            else:
                parts.append((outputs * real).sum(1) / lengths[:, None])
        return torch.cat(parts, 1)

    def step_outputs(self, words, lengths):
        """Padded outputs, sequence by sequence."""
        parameters = dict(self.encoder.named_parameters())
        layers = [
            {name.removesuffix(suffix): value for name, value in parameters.items()
             if name.endswith(suffix)} for suffix in self.suffixes]
        outputs = []
        for steps, length in zip(words, lengths):
            steps = steps[:length]
            for level in range(self.architecture.layerCount):
                first = level * self.architecture.directions
                states = [run_steps(self.step, layers[first], steps)]
                if self.architecture.isBidirectional:
                    states.append(run_steps(self.step, layers[first + 1], steps.flip(0)).flip(0))
                steps = torch.cat(states, 1)
            outputs.append(steps)
        return torch.nn.utils.rnn.pad_sequence(outputs, batch_first=True)


class Model:
    """What a model file holds."""

    def __init__(self, path):
        with safe_open(path, framework="pt") as archive:
            self.metadata = dict(archive.metadata())
            tensors = {name: archive.get_tensor(name) for name in archive.keys()}
        self.vocabulary = bytes(tensors.pop("vocabulary").tolist())
        self.architecture = Architecture(**json.loads(self.metadata["senti.architecture"]))
        self.temperature = float(self.metadata["senti.calibration"])
        self.net = Net(self.architecture)
        # Every tensor must have the name and the shape that PyTorch gives it.
        self.net.load_state_dict({name: tensor.float() for name, tensor in tensors.items()})
        self.net.eval()

    def write(self, path, net):
        """Writes a model file with another net, and all else as it is."""
        tensors = {name: tensor.contiguous() for name, tensor in net.state_dict().items()}
        tensors["vocabulary"] = torch.tensor(list(self.vocabulary), dtype=torch.uint8)
        metadata = dict(self.metadata)
        metadata["senti.architecture"] = json.dumps(vars(net.architecture))
        save_file(tensors, path, metadata)
        content = pathlib.Path(path).read_bytes()
        body = content[8 + int.from_bytes(content[:8], "little"):]
        metadata[CHECKSUM] = "xxh64:" + xxhash.xxh64(body).hexdigest()
        save_file(tensors, path, metadata)

    def token_ids(self, senti, files):
        """The token ids of each file, by `senti tokenize`."""
        with tempfile.NamedTemporaryFile(suffix=".vocab") as vocabulary:
            vocabulary.write(self.vocabulary)
            vocabulary.flush()
            command = [senti, "tokenize", "--vocab", vocabulary.name, "--format", "jsonl", *files]
            lines = subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout.splitlines()
        ids = {str(file): [] for file in files}
        for line in map(json.loads, lines):
            ids[line["file"]].append(line["id"])
        return [ids[str(file)] for file in files]


def padded(sequences):
    """Token ids filled up with 0, [B, T], and lengths, [B]."""
    lengths = torch.tensor([len(sequence) for sequence in sequences])
    tokens = torch.zeros(len(sequences), max(int(lengths.max()), 1), dtype=torch.int64)
    for row, sequence in enumerate(sequences):
        tokens[row, : len(sequence)] = torch.tensor(sequence, dtype=torch.int64)
    return tokens, lengths
