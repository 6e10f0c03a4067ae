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

from cells import recurrent

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


class Net(torch.nn.Module):
    """The net of `SentimentNetwork`: embedding, recurrent layers, pooling, a linear layer."""

    def __init__(self, architecture):
        super().__init__()
        self.architecture = shape = architecture
        self.embedding = torch.nn.Embedding(shape.vocabularySize, shape.embeddingSize)
        self.encoder = recurrent(
            shape.cell, shape.embeddingSize, shape.hiddenSize, shape.layerCount,
            shape.isBidirectional)
        width = shape.hiddenSize * shape.directions * len(shape.pooling)
        self.output = torch.nn.Linear(width, shape.classCount)

    def forward(self, tokens, lengths):
        """The logits of padded sequences, [B, C]; lengths are at least 1."""
        packed = pack_padded_sequence(
            self.embedding(tokens), lengths, batch_first=True, enforce_sorted=False)
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
