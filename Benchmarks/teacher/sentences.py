#!/usr/bin/env python3
"""Chooses the short texts that the teacher learns from, and the sentences that it labels.

usage: sentences.py DATA OUT [--labelled N] [--unlabelled N]

DATA is the folder that Benchmarks/english/prepare.py wrote. Writes

    OUT/gold.jsonl          short labelled texts: text, label, source
    OUT/gold_validation.jsonl   the same of the held-out sets, with `set`
    OUT/sentences.jsonl     sentences and pairs of sentences cut from all reviews: text, source

The order follows from a hash of the text, so a longer run of the teacher extends a shorter one.
"""
import argparse
import collections
import hashlib
import json
import pathlib
import re
import sys

ENGLISH = pathlib.Path(__file__).resolve().parent.parent / "english"
sys.path.insert(0, str(ENGLISH))
from prepare import words

# How many short texts of a source the head learns from.
GOLD = {"treebank": 9000, "phrases": 6000, "absa_restaurants": 4000, "absa_laptops": 3000,
        "semeval_tweets": 4500, "airline": 1500, "tweet_extraction": 600,
        "movie_snippets_scored": 2000, "plot_objective": 800, "news_editorial": 1200,
        "product_tweets": 800, "financial": 600}
TITLES, STARS, PRODUCTS = 1000, 700, 1500
MAXIMUM_WORDS = 45
VALIDATION = {"treebank": 900, "treebank_neutral": 229, "one_line": 1200, "aspects": 1311,
              "tweets": 1200, "pairs": 0}
# The mixture of the sentences by kind of review.
SHARES = {"films": 0.30, "products": 0.34, "services": 0.28, "other": 0.08}
SERVICES = {"yelp", "zomato", "hotels", "hotels_binary", "apps"}


def key(text):
    return hashlib.sha1(text.encode()).digest()


def rows(path):
    with open(path, encoding="utf-8", newline="\n") as file:
        return [json.loads(line) for line in file]


def kind(source):
    if source.startswith("imdb"):
        return "films"
    if source in SERVICES:
        return "services"
    if source.startswith("unlabelled") or source in (
            "products", "amazon_cls", "clothing", "instruments", "beauty", "amazon_devices", "alexa",
            "flipkart"):
        return "products"
    return "other"


def cut(text):
    """The sentences of a review."""
    text = re.sub(r"<br\s*/?>", "\n", text)
    text = re.sub(r"\s*\n\s*", "\n", text)
    for line in text.split("\n"):
        for sentence in re.split(r"(?<=[.!?])[\"')]*\s+(?=[A-Z0-9\"'(a-z])", line):
            sentence = re.sub(r"\s+", " ", sentence).strip()
            if sentence:
                yield sentence


def chosen_gold(texts):
    by_source = collections.defaultdict(list)
    for row in texts:
        if len(row["text"].split()) <= MAXIMUM_WORDS:
            by_source[row["source"]].append(row)
    for source, found in by_source.items():
        limit = GOLD.get(source) or (TITLES if source.endswith("_titles") else
                                     PRODUCTS if source in ("products", "amazon_cls") else STARS)
        if source in ("imdb", "counterfactual", "drugs"):
            limit = 400
        yield from sorted(found, key=lambda row: key(row["text"]))[:limit]


def sentences(reviews, held):
    """Sentences of 3 to 40 words, and one pair in four, by kind; none of the held-out texts."""
    found = collections.defaultdict(dict)
    for row in reviews:
        parts = list(cut(row["text"]))
        for index, part in enumerate(parts):
            pick = key(part)
            if index + 1 < len(parts) and pick[0] < 64:
                part += " " + parts[index + 1]
            is_long_enough = 3 <= len(part.split()) <= 40 and sum(map(str.isalpha, part)) > len(part) / 2
            if is_long_enough and " ".join(words(part)) not in held:
                found[kind(row["source"])][part] = row["source"]
    return {kind: sorted(texts.items(), key=lambda item: key(item[0])) for kind, texts in found.items()}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("data", type=pathlib.Path)
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("--unlabelled", type=int, default=1_000_000)
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)

    def write(name, items):
        with open(arguments.out / name, "w", encoding="utf-8", newline="\n") as file:
            for item in items:
                file.write(json.dumps(item, ensure_ascii=False) + "\n")
        print(f"{name}: {len(items)} texts, {sum(len(item['text'].split()) for item in items)} words")

    gold = sorted(chosen_gold(rows(arguments.data / "train.jsonl")), key=lambda row: key(row["text"]))
    write("gold.jsonl", gold)
    held = []
    for name, count in VALIDATION.items():
        found = rows(arguments.data / f"validation/{name}.jsonl")
        held += [{**row, "set": name} for row in sorted(found, key=lambda row: key(row["text"]))[:count]]
    write("gold_validation.jsonl", held)
    measured = [*(arguments.data / "validation").glob("*.jsonl"), ENGLISH / "plain_validation.jsonl"]
    held_words = {" ".join(words(row["text"])) for path in measured for row in rows(path)}
    cut_texts = sentences(rows(arguments.data / "unlabelled.jsonl"), held_words)
    mixed = []
    for name, share in SHARES.items():
        found = cut_texts.get(name, [])
        for rank, (text, source) in enumerate(found[:int(share * arguments.unlabelled)]):
            mixed.append((rank / share, {"text": text, "source": source}))
    write("sentences.jsonl", [item for _, item in sorted(mixed, key=lambda pair: pair[0])])


if __name__ == "__main__":
    main()
