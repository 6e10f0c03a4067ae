"""Measures beam search by PyTorch on the works of the program `decoding`.

    python decoding_torch.py --json FIGURES.jsonl [--threads 1 2] [--beam 5] [--seconds 10]

The nets have the shapes of senti's: word vectors of 256, a GRU of 512 for captions; for translations
a bidirectional GRU of 256 over the source, and two GRUs of 320 with dot-product attention between
them; a readout of 256 under an output layer that shares the word vectors. All tensors of a step are
on the whole batch, [64 * beam, ...], states are put in order by index_select, and each input's best
candidates are taken by one topk over beam * vocabulary. The end is forbidden, so that every text has
the same length and no search stops early: what senti is asked for too.
"""

import argparse
import json

import torch
from torch import nn

from figures import figure, median_time

END = 3


class Decoder(nn.Module):
    """Captions a vector, or translates with attention over an encoder's outputs."""

    def __init__(self, vocabulary, vector, hidden, memory=0):
        super().__init__()
        self.embedding = nn.Embedding(vocabulary, 256)
        self.layer_count = 2 if memory else 1
        self.entry = nn.Linear(vector, hidden * self.layer_count)
        self.lower = nn.GRUCell(256, hidden)
        self.query = nn.Linear(hidden, memory, bias=False) if memory else None
        self.upper = nn.GRUCell(hidden + memory, hidden) if memory else None
        self.readout = nn.Linear(hidden + memory + 256, 256)
        self.bias = nn.Parameter(torch.zeros(vocabulary))

    def start(self, vector):
        return list(torch.tanh(self.entry(vector)).chunk(self.layer_count, dim=1))

    def step(self, tokens, states, memory):
        embedded = self.embedding(tokens)
        states[0] = self.lower(embedded, states[0])
        parts = [states[0], embedded]
        if memory is not None:
            scores = torch.einsum("bkh,bth->bkt", self.query(states[0]).view(
                memory.shape[0], -1, memory.shape[2]), memory)
            found = torch.bmm(torch.softmax(scores, dim=2), memory).view(tokens.shape[0], -1)
            states[1] = self.upper(torch.cat([states[0], found], dim=1), states[1])
            parts = [states[1], found, embedded]
        readout = torch.tanh(self.readout(torch.cat(parts, dim=1)))
        logits = torch.addmm(self.bias, readout, self.embedding.weight.T)
        return torch.log_softmax(logits, dim=1)


class Encoder(nn.Module):
    def __init__(self, vocabulary):
        super().__init__()
        self.embedding = nn.Embedding(vocabulary, 256)
        self.layer = nn.GRU(256, 256, bidirectional=True, batch_first=True)

    def forward(self, tokens):
        outputs, last = self.layer(self.embedding(tokens))
        return outputs, torch.cat([last[0], last[1]], dim=1)


def beam_search(decoder, vector, memory, beam, length):
    batch = vector.shape[0]
    states = decoder.start(vector)
    tokens = torch.full((batch,), 2)
    sums, width = torch.zeros(batch, 1), 1
    history = torch.empty(batch, 1, 0, dtype=torch.long)
    first = torch.arange(batch).unsqueeze(1)
    for _ in range(length):
        scores = decoder.step(tokens, states, memory)
        scores[:, END] = -float("inf")
        total = (sums.unsqueeze(2) + scores.view(batch, width, -1)).view(batch, -1)
        sums, places = total.topk(beam, dim=1)
        parents, chosen = places // scores.shape[1], places % scores.shape[1]
        rows = (parents + first * width).view(-1)
        states = [state.index_select(0, rows) for state in states]
        kept = history.gather(1, parents.unsqueeze(2).expand(-1, -1, history.shape[2]))
        history = torch.cat([kept, chosen.unsqueeze(2)], dim=2)
        tokens, width = chosen.view(-1), beam
    final = decoder.step(tokens, states, memory)[:, END].view(batch, beam)
    best = (sums + final).argmax(dim=1)
    return history[torch.arange(batch), best]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--beam", type=int, default=5)
    parser.add_argument("--length", type=int, default=20)
    parser.add_argument("--source-length", type=int, default=15)
    parser.add_argument("--vocabulary", type=int, default=8000)
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--json")
    options = parser.parse_args()
    torch.manual_seed(7)
    captioner = Decoder(options.vocabulary, 1024, 512)
    encoder, translator = Encoder(options.vocabulary), Decoder(options.vocabulary, 512, 320, 512)
    vectors = torch.randn(options.batch, 1024)
    sources = torch.randint(4, options.vocabulary, (options.batch, options.source_length))

    def caption():
        return beam_search(captioner, vectors, None, options.beam, options.length)

    def translate():
        memory, last = encoder(sources)
        return beam_search(translator, last, memory, options.beam, options.length)

    figures = []
    with torch.inference_mode():
        for threads in options.threads:
            torch.set_num_threads(threads)
            for work, run in (("captioner", caption), ("translator", translate)):
                assert run().shape == (options.batch, options.length)
                rate = options.batch * options.length / median_time(run, options.seconds)
                print(f"{work:12}{threads} threads  {rate:12.0f} tokens/s", flush=True)
                figures.append(figure("torch", work, "gru", threads, rate))
    if options.json:
        with open(options.json, "w") as file:
            file.writelines(json.dumps(line) + "\n" for line in figures)


if __name__ == "__main__":
    main()
