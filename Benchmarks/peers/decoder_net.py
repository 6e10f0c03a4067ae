"""The nets of `senti train captioner` and `senti train translator` in PyTorch, name for name.

Used as a peer by `decoder_torch.py`, and for the fixtures that hold senti's gradients against
autograd (`Tests/SentiModelsTests/ReferenceImplementations/generation.py`).
"""

import math

import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from cells import recurrent


class Attention(nn.Module):
    """Weighs an encoder's outputs for each query; places behind a source's end have no weight."""

    def __init__(self, kind, query_size, value_size, size):
        super().__init__()
        is_additive = kind == "additive"
        self.query = nn.Linear(query_size, size if is_additive else value_size)
        self.key = nn.Linear(value_size, size) if is_additive else None
        self.direction = nn.Parameter(torch.randn(size) * 0.3) if is_additive else None

    def forward(self, states, values, is_there):
        queries = self.query(states)
        if self.key is None:
            scores = queries @ values.transpose(1, 2) / math.sqrt(values.shape[-1])
        else:
            sums = queries[:, :, None] + self.key(values)[:, None]
            scores = torch.tanh(sums) @ self.direction
        weights = scores.masked_fill(~is_there[:, None], -math.inf).softmax(-1)
        return weights @ values


class Encoder(nn.Module):
    """A recurrent net over padded sources; gives its outputs and its final states side by side."""

    def __init__(self, cell, input_size, hidden_size, layer_count=1, is_bidirectional=True):
        super().__init__()
        self.rnn = recurrent(cell, input_size, hidden_size, layer_count, is_bidirectional)
        self.directions = 2 if is_bidirectional else 1
        self.output_size = self.directions * hidden_size

    def forward(self, rows, lengths):
        packed = pack_padded_sequence(rows, lengths, batch_first=True, enforce_sorted=False)
        outputs, final = self.rnn(packed)
        final = final[0] if isinstance(final, tuple) else final
        return pad_packed_sequence(outputs, batch_first=True)[0], torch.cat(
            list(final[-self.directions:]), dim=-1)


class GenerationNet(nn.Module):
    """What writes: of a vector, or of a text that an encoder reads."""

    def __init__(
        self, vocabulary_size, vector_size, entry="initial-state", embedding_size=256,
        cell="gru", hidden_size=320, layer_count=1, attention=None, is_tied=True, encoder=None,
    ):
        super().__init__()
        self.entry_kind, self.cell, self.hidden_size = entry, cell, hidden_size
        self.layer_count = layer_count
        self.encoder = self.source_embedding = None
        if encoder is not None:
            self.shares = encoder.get("shares_embedding", False)
            if not self.shares:
                self.source_embedding = nn.Embedding(encoder["vocabulary_size"], embedding_size)
            self.encoder = Encoder(
                encoder.get("cell", cell), embedding_size, encoder["hidden_size"],
                encoder.get("layer_count", 1), encoder.get("is_bidirectional", True))
            vector_size = self.encoder.output_size
        self.embedding = nn.Embedding(vocabulary_size, embedding_size)
        states = layer_count * hidden_size * (2 if "lstm" in cell else 1)
        self.entry = nn.Linear(
            vector_size, states if entry == "initial-state" else embedding_size)
        upper_count = layer_count - 1 if attention else 0
        memory_size = vector_size if attention else 0
        self.decoder = recurrent(
            cell, embedding_size * (2 if entry == "every-step" else 1), hidden_size,
            layer_count - upper_count)
        self.attention = (
            Attention(attention, hidden_size, memory_size, hidden_size) if attention else None)
        self.upper = (
            recurrent(cell, hidden_size + memory_size, hidden_size, upper_count)
            if upper_count else None)
        feeds_tokens = entry != "then-zeros"
        self.readout = nn.Linear(
            hidden_size + memory_size + (embedding_size if feeds_tokens else 0), embedding_size)
        self.output = nn.Linear(embedding_size, vocabulary_size)
        if is_tied:
            self.output.weight = self.embedding.weight

    def read(self, source, lengths):
        """Vectors as they are, or what the encoder makes of texts; and what attention looks at."""
        if self.encoder is None:
            return source, None, None
        table = self.embedding if self.source_embedding is None else self.source_embedding
        outputs, vectors = self.encoder(table(source), lengths)
        is_there = torch.arange(source.shape[1])[None].to(source.device) < lengths[:, None]
        return vectors, outputs, is_there

    def states(self, vectors):
        """The state before the first step in every layer, lower ones and upper ones."""
        def shaped(states):
            hidden = torch.stack([state[0] for state in states])
            if "lstm" not in self.cell:
                return hidden
            return hidden, torch.stack([state[1] for state in states])

        count = 2 if "lstm" in self.cell else 1
        if self.entry_kind == "initial-state":
            blocks = torch.tanh(self.entry(vectors)).split(self.hidden_size, dim=-1)
        else:
            zeros = vectors.new_zeros(len(vectors), self.hidden_size)
            blocks = [zeros] * (count * self.layer_count)
        layers = [blocks[index:index + count] for index in range(0, len(blocks), count)]
        lower = self.decoder.num_layers
        return shaped(layers[:lower]), shaped(layers[lower:]) if self.upper is not None else None

    def start(self, source, lengths=None):
        """Everything that is known before the first token."""
        vectors, outputs, is_there = self.read(source, lengths)
        lower, upper = self.states(vectors)
        entered = None if self.entry_kind == "initial-state" else self.entry(vectors)
        return {
            "lower": lower, "upper": upper, "entered": entered, "outputs": outputs,
            "is_there": is_there, "is_first": True}

    def forward(self, inputs, state):
        """Logits behind each of the tokens `[B, T]`; `state` becomes the state after them."""
        rows, entered = self.embedding(inputs), state["entered"]
        below, first = rows, 0
        if self.entry_kind == "every-step":
            below = torch.cat([rows, entered[:, None].expand(-1, rows.shape[1], -1)], dim=-1)
        elif self.entry_kind == "first-input" and state["is_first"]:
            below, first = torch.cat([entered[:, None], rows], dim=1), 1
        elif self.entry_kind == "then-zeros":
            below = torch.zeros_like(rows)
            if state["is_first"]:
                below = torch.cat([entered[:, None], below[:, 1:]], dim=1)
        hidden, state["lower"] = self.decoder(below, state["lower"])
        hidden = hidden[:, first:]
        parts = [hidden]
        if self.attention is not None:
            parts.append(self.attention(hidden, state["outputs"], state["is_there"]))
        if self.upper is not None:
            parts[0], state["upper"] = self.upper(torch.cat(parts, dim=-1), state["upper"])
        if self.entry_kind != "then-zeros":
            parts.append(rows)
        state["is_first"] = False
        return self.output(torch.tanh(self.readout(torch.cat(parts, dim=-1))))

    def named_slots(self):
        """The parameters under senti's names."""
        return {
            name.replace("encoder.rnn.", "encoder."): value
            for name, value in self.named_parameters()}
