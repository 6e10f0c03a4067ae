#!/usr/bin/env python3
"""Makes more sentences of the kinds that are rare in reviews, for a teacher to label.

    augment.py GOLD.jsonl SENTENCES.jsonl OUT.jsonl [--count N] [--seed S]

Of each text of the sources treebank and movie_snippets_scored in GOLD: the text itself, a copy with each word
left out with a probability of 0.15, and a stretch of 4 to 14 of its words (Tang et al. 2019,
https://arxiv.org/abs/1903.12136, without their replacement by part of speech). From SENTENCES come the first N
sentences of films. The order is that of a hash of the text, so that what was labelled first is a fair sample.
"""
import argparse
import hashlib
import json
import random

FILMS = {"imdb", "imdb_unsup"}
SOURCES = {"treebank", "movie_snippets_scored"}


def rows(path):
    with open(path, encoding="utf-8", newline="\n") as file:
        for line in file:
            yield json.loads(line)


def thinned(words, generator):
    kept = [word for word in words if generator.random() >= 0.15]
    return kept if 2 <= len(kept) < len(words) else None


def stretch(words, generator):
    if len(words) < 8:
        return None
    length = generator.randint(4, min(14, len(words) - 2))
    start = generator.randint(0, len(words) - length)
    return words[start:start + length]


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("gold", "sentences", "out"):
        parser.add_argument(name)
    parser.add_argument("--count", type=int, default=20_000, help="the number of sentences of films")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    generator = random.Random(arguments.seed)
    found = {}
    for row in rows(arguments.gold):
        if row["source"] not in SOURCES:
            continue
        words = row["text"].split()
        for part in (words, thinned(words, generator), stretch(words, generator)):
            if part:
                found.setdefault(" ".join(part), row["source"])
    count = 0
    for row in rows(arguments.sentences):
        if count == arguments.count:
            break
        if row["source"] in FILMS and 4 <= len(row["text"].split()) <= 30:
            count += 1
            found.setdefault(row["text"], row["source"])
    ordered = sorted(found, key=lambda text: hashlib.sha256(text.encode()).digest())
    with open(arguments.out, "w", encoding="utf-8", newline="\n") as file:
        for text in ordered:
            file.write(json.dumps({"text": text, "source": found[text]}, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
