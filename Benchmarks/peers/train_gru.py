"""Measures how fast PyTorch trains a GRU classifier on given batches of token ids.

    python train_gru.py BATCHES.jsonl [--json RESULT.json]

BATCHES.jsonl holds one batch a line: a JSON array of sequences, each an array of token ids, such as

    [[12, 7, 301], [5, 9]]

A batch is trained forward, backward and with an Adam step, in two variants: `padded` runs the GRU
over every step of a zero-padded batch, `packed` uses pack_padded_sequence. Both pool over real
steps only. Labels are made up, 0 and 1 in turn, for the time does not depend on them. Only real
tokens count. Tensors are made, and sequences sorted by length, before the clock starts.
"""

import argparse
import json
import pathlib
import platform
import statistics
import sys
import time
from dataclasses import dataclass

import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

VARIANTS = ("padded", "packed")
SEED = 1


@dataclass
class Batch:
    tokens: torch.Tensor  # [B, T], 0 after a sequence's end
    lengths: torch.Tensor  # [B], falling
    labels: torch.Tensor  # [B]
    mask: torch.Tensor  # [B, T, 1], True at real tokens

    @staticmethod
    def of(sequences):
        ordered = sorted(sequences, key=len, reverse=True)
        lengths = torch.tensor([len(sequence) for sequence in ordered])
        rows = [torch.tensor(sequence) for sequence in ordered]
        tokens = nn.utils.rnn.pad_sequence(rows, batch_first=True)
        mask = torch.arange(tokens.shape[1])[None, :, None] < lengths[:, None, None]
        return Batch(tokens, lengths, torch.arange(len(ordered)) % 2, mask)


class Classifier(nn.Module):
    """Embedding, GRU, pooling over the real steps, linear layer."""

    def __init__(self, vocabulary_size, options, is_packed):
        super().__init__()
        self.is_packed, self.pools_all = is_packed, options.pooling == "all"
        self.embedding = nn.Embedding(vocabulary_size, options.embedding_size)
        self.gru = nn.GRU(options.embedding_size, options.hidden_size, batch_first=True)
        self.output = nn.Linear(options.hidden_size * (3 if self.pools_all else 1), 2)

    def forward(self, batch):
        embedded = self.embedding(batch.tokens)
        if self.is_packed:
            packed, last = self.gru(pack_padded_sequence(embedded, batch.lengths, batch_first=True))
            return self.output(self.pooled(packed, last[0], batch))
        states, _ = self.gru(embedded)
        last = states[torch.arange(len(batch.lengths)), batch.lengths - 1]
        return self.output(self.pooled(states, last, batch))

    def pooled(self, states, last, batch):
        if not self.pools_all:
            return last
        if self.is_packed:
            states, _ = pad_packed_sequence(states, batch_first=True)
        largest = states.masked_fill(~batch.mask, -torch.inf).amax(dim=1)
        mean = (states * batch.mask).sum(dim=1) / batch.lengths[:, None]
        return torch.cat([last, largest, mean], dim=1)


def read_batches(path):
    batches = []
    for number, line in enumerate(path.read_text().splitlines(), start=1):
        sequences = json.loads(line)
        if not sequences or not all(sequences):
            raise ValueError(f"{path}:{number}: a batch or a sequence is empty")
        batches.append(Batch.of(sequences))
    return batches


def train(model, optimizer, batch):
    optimizer.zero_grad()
    loss = nn.functional.cross_entropy(model(batch), batch.labels)
    loss.backward()
    optimizer.step()
    return loss.item()


def measure(variant, thread_count, batches, vocabulary_size, options):
    """One variant's figures; stops after every batch, or when the time is over."""
    torch.set_num_threads(thread_count)
    # Off unless asked for; without it, vanishing gradients make some processors many times as slow.
    torch.set_flush_denormal(True)
    torch.manual_seed(SEED)
    model = Classifier(vocabulary_size, options, is_packed=variant == "packed")
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, fused=not options.plain_adam)
    for batch in batches[: options.warm_up]:
        train(model, optimizer, batch)
    token_count, rates, losses = 0, [], []
    start, processor_start = time.perf_counter(), time.process_time()
    for batch in batches:
        batch_start = time.perf_counter()
        losses.append(train(model, optimizer, batch))
        now = time.perf_counter()
        batch_token_count = int(batch.lengths.sum())
        token_count += batch_token_count
        rates.append(batch_token_count / (now - batch_start))
        if now - start > options.seconds:
            break
    duration, processor_time = now - start, time.process_time() - processor_start
    return {
        "variant": variant,
        "threads": thread_count,
        "batches": len(rates),
        "tokens": token_count,
        "seconds": duration,
        "tokens_per_second": token_count / duration,
        "busy_cores": processor_time / duration,
        "median_tokens_per_second_of_a_batch": statistics.median(rates),
        "first_loss": losses[0],
        "last_loss": losses[-1],
    }


def processor_name():
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.processor()


def describe(path, batches, vocabulary_size, options):
    real = sum(int(batch.lengths.sum()) for batch in batches)
    padded = sum(batch.tokens.numel() for batch in batches)
    return {
        "torch": torch.__version__,
        "processor": processor_name(),
        "file": str(path),
        "batches": len(batches),
        "real_tokens": real,
        "padding_share": 1 - real / padded,
        "vocabulary_size": vocabulary_size,
        "embedding_size": options.embedding_size,
        "hidden_size": options.hidden_size,
        "pooling": options.pooling,
        "adam": "plain" if options.plain_adam else "fused",
    }


def have_equal_losses(results):
    """Whether all variants computed the same: their first losses differ by rounding only."""
    # NaN is the greatest and the least to PyTorch, while Python's max and min may leave it out.
    losses = torch.tensor([result["first_loss"] for result in results], dtype=torch.float64)
    return bool(losses.max() - losses.min() <= 1e-4)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("batches", type=pathlib.Path)
    parser.add_argument("--json", type=pathlib.Path, help="write the figures to this file too")
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--variants", nargs="+", choices=VARIANTS, default=VARIANTS)
    parser.add_argument("--seconds", type=float, default=30, help="time a variant may take")
    parser.add_argument("--warm-up", type=int, default=2, help="batches before the clock starts")
    parser.add_argument("--vocabulary-size", type=int, help="the largest id and 1 unless given")
    parser.add_argument("--embedding-size", type=int, default=128)
    parser.add_argument("--hidden-size", type=int, default=256)
    parser.add_argument(
        "--pooling", choices=["all", "last"], default="all", help="all: last, max and mean")
    parser.add_argument("--plain-adam", action="store_true", help="Adam without fused=True")
    return parser.parse_args()


def main():
    options = arguments()
    batches = read_batches(options.batches)
    largest_id = max(int(batch.tokens.max()) for batch in batches)
    vocabulary_size = options.vocabulary_size or largest_id + 1
    about = describe(options.batches, batches, vocabulary_size, options)
    for key, value in about.items():
        print(f"{key:16}  {value}")
    print(f"\n{'variant':8}  threads  batches  tokens/s  median of a batch")
    results = []
    for thread_count in options.threads:
        for variant in options.variants:
            result = measure(variant, thread_count, batches, vocabulary_size, options)
            results.append(result)
            print(
                f"{variant:8}  {thread_count:7}  {result['batches']:7}"
                f"  {result['tokens_per_second']:8.0f}"
                f"  {result['median_tokens_per_second_of_a_batch']:17.0f}",
                flush=True,
            )
    if options.json:
        options.json.write_text(json.dumps(about | {"results": results}, indent=2) + "\n")
    if not have_equal_losses(results):
        print("the variants' first losses differ: they do not do the same work", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
