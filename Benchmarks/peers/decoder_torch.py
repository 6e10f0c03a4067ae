"""Measures PyTorch's trainings of the nets that the program `writing` trains.

    python decoder_torch.py --json FIGURES.jsonl [--threads 1 2] [--seconds 10]

The same shapes, lengths and steps: forward, softmax over the vocabulary, backward, Adam. Batches
are padded, as is usual; tokens that are padding count for nothing.
"""

import argparse
import json
import pathlib

import torch
from torch import nn

from decoder_net import GenerationNet
from figures import figure, median_time

START, IGNORED = 2, -100


def texts(lengths, vocabulary):
    return nn.utils.rnn.pad_sequence(
        [torch.randint(4, vocabulary, (length,)) for length in lengths], batch_first=True)


def captioner(options):
    net = GenerationNet(options.vocabulary, 1024, hidden_size=512)
    lengths = [8 + index * 7 % 9 for index in range(options.batch)]
    return net, (torch.randn(options.batch, 1024), None), lengths


def translator(options):
    net = GenerationNet(
        options.vocabulary, 0, hidden_size=320, layer_count=2, attention="dot",
        encoder={"vocabulary_size": options.vocabulary, "hidden_size": 256})
    lengths = [8 + index * 7 % 13 for index in range(options.batch)]
    source_lengths = [9 + index * 7 % 13 for index in range(options.batch)]
    source = texts(source_lengths, options.vocabulary)
    return net, (source, torch.tensor(source_lengths)), lengths


def step(net, source, inputs, classes, optimizer):
    optimizer.zero_grad()
    logits = net(inputs, net.start(*source))
    loss = nn.functional.cross_entropy(logits.flatten(0, 1), classes.flatten(), ignore_index=IGNORED)
    loss.backward()
    optimizer.step()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", type=pathlib.Path)
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--seconds", type=float, default=10, help="time for each figure")
    parser.add_argument("--batch", type=int, default=128)
    parser.add_argument("--vocabulary", type=int, default=8_000)
    options = parser.parse_args()
    # Off unless asked for; without it, vanishing gradients make some processors many times as slow.
    torch.set_flush_denormal(True)
    torch.manual_seed(1)
    figures = []
    for work in (captioner, translator):
        net, source, lengths = work(options)
        optimizer = torch.optim.Adam(net.parameters(), fused=True)
        targets = texts(lengths, options.vocabulary)
        starts = torch.full((options.batch, 1), START)
        inputs = torch.cat([starts, targets], dim=1)
        classes = torch.cat([targets, starts], dim=1)
        place = torch.arange(inputs.shape[1])[None]
        classes[place > torch.tensor(lengths)[:, None]] = IGNORED
        count = sum(lengths) + len(lengths)
        for threads in options.threads:
            torch.set_num_threads(threads)
            seconds = median_time(
                lambda: step(net, source, inputs, classes, optimizer), options.seconds)
            figures.append(figure("torch", work.__name__, "gru", threads, count / seconds))
            print(f"{work.__name__:12} {threads} threads {count / seconds:10.0f} tokens/s")
    if options.json:
        options.json.write_text("".join(json.dumps(line) + "\n" for line in figures))


if __name__ == "__main__":
    main()
