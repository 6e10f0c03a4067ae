#!/usr/bin/env python3
"""Word vectors from the teacher: each word of a vocabulary is read by the encoder alone.

usage: word_vectors.py ENCODER VOCABULARY CACHE OUT.vec [--size E] [--int8]

VOCABULARY is a file of `senti vocab build`. The features of a word are the means over its pieces of
four layers; a principal component analysis brings them to E numbers, which are scaled to the deviation
that `senti train sentiment` draws fresh vectors with. OUT is a word2vec text file for its
`--word-vectors`. Features are kept in CACHE as those of teacher.py are, so that a run goes on where it
was stopped.

- SeeAlso: the same is done for static sentence embeddings in Model2Vec (Tulkens and van Dongen 2024).
"""
import argparse
import pathlib
import sys
import time

import numpy
import torch

from teacher import Encoder, cached

SHARD = 4000


def vocabulary(path):
    """The words of a vocabulary file, without the special ones."""
    lines = pathlib.Path(path).read_text(encoding="utf-8").split("\n")
    entries = lines[lines.index("") + 1:]
    return [line.rsplit("\t", 1)[0] for line in entries if "\t" in line][4:]


def word_features(encoder, words):
    """Means over the pieces of a word of four layers, [N, 4 x 768]."""
    ids = [encoder.tokenizer(word, truncation=True, max_length=16)["input_ids"] for word in words]
    order = sorted(range(len(ids)), key=lambda index: len(ids[index]))
    found = [None] * len(ids)
    for start in range(0, len(order), 500):
        batch = order[start:start + 500]
        width = max(len(ids[index]) for index in batch)
        tokens = torch.full((len(batch), width), encoder.tokenizer.pad_token_id)
        mask = torch.zeros_like(tokens)
        pieces = torch.zeros(len(batch), width, 1)
        for row, index in enumerate(batch):
            length = len(ids[index])
            tokens[row, :length] = torch.tensor(ids[index])
            mask[row, :length] = 1
            pieces[row, 1:max(2, length - 1)] = 1
        with torch.inference_mode():
            hidden = encoder.model(
                input_ids=tokens, attention_mask=mask, output_hidden_states=True).hidden_states
        parts = [(hidden[layer] * pieces).sum(1) / pieces.sum(1) for layer in [0, *encoder.layers[1:]]]
        for index, row in zip(batch, torch.cat(parts, 1).half().numpy()):
            found[index] = row
    return numpy.stack(found), sum(map(len, ids))


def principal_components(x, size):
    """The first `size` principal components, each word's vector scaled to the deviation 0.1."""
    x = x.astype("f4")
    # Layers differ in scale: each counts alike.
    width = x.shape[1] // 4
    for part in range(4):
        block = x[:, part * width:(part + 1) * width]
        block -= block.mean(0)
        block /= block.std() + 1e-6
    covariance = x.T @ x / len(x)
    _, vectors = numpy.linalg.eigh(covariance)
    found = x @ vectors[:, ::-1][:, :size]
    # Half of the way to whitening: later components keep some of their smaller scale.
    found /= numpy.sqrt(found.std(0) + 1e-6)
    return found * (0.1 / found.std())


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("encoder")
    parser.add_argument("vocabulary")
    parser.add_argument("cache", type=pathlib.Path)
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("--size", type=int, default=256)
    parser.add_argument("--int8", action="store_true")
    arguments = parser.parse_args()
    words = vocabulary(arguments.vocabulary)
    arguments.cache.mkdir(parents=True, exist_ok=True)
    encoder = None
    for start in range(0, len(words), SHARD):
        path = arguments.cache / f"{start:08}.npy"
        if path.exists():
            continue
        encoder = encoder or Encoder(arguments.encoder, arguments.int8)
        began = time.time()
        found, token_count = word_features(encoder, words[start:start + SHARD])
        with open(path.with_suffix(".partial"), "wb") as file:
            numpy.save(file, found)
        path.with_suffix(".partial").rename(path)
        print(f"{start + len(found)}/{len(words)} words, "
              f"{token_count / (time.time() - began):.0f} tokens/s", file=sys.stderr, flush=True)
    vectors = principal_components(cached(arguments.cache), arguments.size)
    with open(arguments.out, "w", encoding="utf-8", newline="\n") as out:
        out.write(f"{len(vectors)} {arguments.size}\n")
        for word, vector in zip(words, vectors):
            out.write(word + " " + " ".join(f"{value:.4f}" for value in vector) + "\n")


if __name__ == "__main__":
    main()
