"""Measures PyTorch's recurrent layers on the works of the program `recurrent`.

    python recurrent_torch.py FOLDER --json FIGURES.jsonl [--works ...] [--threads ...]

FOLDER is one that `workload` wrote. The works have the names that `recurrent --help` explains;
those on batches of words come in two variants, `torch-padded` and `torch-packed`. What can be
prepared is prepared before the clock starts: tensors, masks, and the sequences sorted by length.
Training on packed batches is measured on one thread only, for a step takes many seconds.
"""

import argparse
import itertools
import json
import pathlib
import resource
import statistics
import time

import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence

from figures import add_clock, counts_processor_time, figure, median_time
from train_gru import Batch, read_batches

LAYERS = {"gru": nn.GRU, "lstm": nn.LSTM}
VARIANTS = ("torch-padded", "torch-packed")
LEAST_BATCHES, WARM_UP_STEPS = 3, 128
WORKS = (
    "inference-fixed", "inference-reviews", "inference-one",
    "training-fixed", "training-reviews", "training-memory")


class Reader(nn.Module):
    """Word vectors and one layer; where `class_count` is not 0, a linear layer on the last state."""

    def __init__(self, cell, options, is_packed, class_count=0):
        super().__init__()
        self.is_packed = is_packed
        self.embedding = nn.Embedding(options.vocabulary_size, options.hidden_size)
        self.layer = LAYERS[cell](options.hidden_size, options.hidden_size, batch_first=True)
        self.output = nn.Linear(options.hidden_size, class_count) if class_count else None

    def forward(self, batch):
        embedded = self.embedding(batch.tokens)
        if self.is_packed:
            packed = pack_padded_sequence(embedded, batch.lengths, batch_first=True)
            states, last = self.layer(packed)
            last = (last[0] if isinstance(last, tuple) else last)[0]
        else:
            states, _ = self.layer(embedded)
            last = states[torch.arange(len(batch.lengths)), batch.lengths - 1]
        return states if self.output is None else self.output(last)


def token_count(batches):
    return sum(int(batch.lengths.sum()) for batch in batches)


def inference_fixed(cell, threads, options):
    layer = LAYERS[cell](options.hidden_size, options.hidden_size)
    dense = torch.randn(options.step_count, options.batch_size, options.hidden_size)
    with torch.inference_mode():
        seconds = median_time(lambda: layer(dense), options.seconds, options.clock)
    count = options.step_count * options.batch_size
    yield figure("torch", "inference-fixed", cell, threads, count / seconds)


def inference_reviews(cell, threads, options):
    batches = read_batches(options.folder / "reviews.jsonl")
    for variant in VARIANTS:
        model = Reader(cell, options, is_packed=variant == "torch-packed")
        with torch.inference_mode():
            seconds = median_time(
                lambda: [model(batch) for batch in batches], options.seconds, options.clock)
        yield figure(variant, "inference-reviews", cell, threads, token_count(batches) / seconds)


def inference_one(cell, threads, options):
    batch = read_batches(options.folder / "one.jsonl")[0]
    model = Reader(cell, options, is_packed=False)
    with torch.inference_mode():
        seconds = median_time(lambda: model(batch), options.seconds, options.clock)
    yield figure("torch", "inference-one", cell, threads, seconds * 1000, "ms")


def training_fixed(cell, threads, options):
    layer = LAYERS[cell](options.hidden_size, options.hidden_size)
    dense = torch.randn(
        options.step_count, options.batch_size, options.hidden_size, requires_grad=True)
    optimizer = torch.optim.Adam(layer.parameters(), fused=True)

    def step():
        optimizer.zero_grad()
        dense.grad = None
        layer(dense)[0].mean().backward()
        optimizer.step()

    seconds = median_time(step, options.seconds, options.clock)
    count = options.step_count * options.batch_size
    yield figure("torch", "training-fixed", cell, threads, count / seconds)


def training_step(cell, options, is_packed):
    model = Reader(cell, options, is_packed, class_count=2)
    optimizer = torch.optim.Adam(model.parameters(), fused=True)

    def step(batch):
        optimizer.zero_grad()
        nn.functional.cross_entropy(model(batch), batch.labels).backward()
        optimizer.step()

    return step


def training_reviews(cell, threads, options):
    batches = read_batches(options.folder / "reviews.jsonl")
    for variant in VARIANTS if threads == 1 else VARIANTS[:1]:
        step = training_step(cell, options, is_packed=variant == "torch-packed")
        step(shortened(batches[-1]))
        rate = statistics.median(rates(step, batches, options))
        yield figure(variant, "training-reviews", cell, threads, rate)


def rates(step, batches, options):
    """Tokens a second of a step on each batch, until the time is over, but of some at least."""
    start, limit = time.perf_counter(), options.seconds * len(batches) / 2
    count = max(len(batches), LEAST_BATCHES)
    for index, batch in enumerate(itertools.islice(itertools.cycle(batches), count)):
        if index >= LEAST_BATCHES and time.perf_counter() - start > limit:
            return
        batch_start = options.clock()
        step(batch)
        yield int(batch.lengths.sum()) / (options.clock() - batch_start)


def shortened(batch):
    """The first steps of a batch, to warm up."""
    return Batch.of([
        tokens[:min(length, WARM_UP_STEPS)].tolist()
        for tokens, length in zip(batch.tokens, batch.lengths)])


def resident_bytes():
    pages = int(pathlib.Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize()


def training_memory(cell, threads, options):
    """What the largest padded batch adds to the process after a first small step, in megabytes."""
    batches = read_batches(options.folder / "reviews.jsonl")
    largest = max(batches, key=lambda batch: batch.tokens.numel())
    small = argparse.Namespace(vocabulary_size=8, hidden_size=8)
    tiny = training_step(cell, small, is_packed=False)
    tiny(Batch.of([[1, 2], [3, 4]]))
    before = resident_bytes()
    step = training_step(cell, options, is_packed=False)
    for _ in range(2):
        step(largest)
    added = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 - before) / 1e6
    yield figure("torch-padded", "training-memory", cell, threads, added, "MB")


MEASUREMENTS = {
    "inference-fixed": inference_fixed,
    "inference-reviews": inference_reviews,
    "inference-one": inference_one,
    "training-fixed": training_fixed,
    "training-reviews": training_reviews,
    "training-memory": training_memory,
}
ONE_THREAD_WORKS = ("inference-one", "training-fixed", "training-memory")


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--json", type=pathlib.Path, required=True)
    parser.add_argument("--works", nargs="+", choices=WORKS, default=WORKS[:-1])
    parser.add_argument("--cells", nargs="+", choices=list(LAYERS), default=list(LAYERS))
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
    # Off unless asked for; without it, vanishing gradients make some processors many times as slow.
    torch.set_flush_denormal(True)
    torch.manual_seed(1)
    with options.json.open("w") as file:
        for work in options.works:
            for cell in options.cells:
                is_single = work in ONE_THREAD_WORKS or counts_processor_time(options)
                threads = options.threads[:1] if is_single else options.threads
                for count in threads:
                    torch.set_num_threads(count)
                    for result in MEASUREMENTS[work](cell, count, options):
                        print(json.dumps(result), file=file, flush=True)
                        print(result, flush=True)


if __name__ == "__main__":
    main()
