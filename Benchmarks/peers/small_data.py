#!/usr/bin/env python3
"""Trains on 400 texts: `senti train sentiment` beside scikit-learn's TF-IDF with logistic regression.

usage: small_data.py SENTI TEXTS.jsonl [--rows N] [--seeds K]

TEXTS has `text` and `label`. For each seed, N texts of all labels alike are drawn to train on and up to
2,000 others to measure; both programs get the same files. senti trains with its defaults from fresh weights,
and from the model that comes with it (`--from english --keep-vocabulary --lazy`). Prints the accuracy of
each seed, and the means. Needs scikit-learn.
"""
import argparse
import collections
import json
import pathlib
import random
import subprocess
import tempfile

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline


def split(rows, count, seed):
    """`count` training rows, as many of each label as of any other, and up to 2,000 others."""
    by_label = collections.defaultdict(list)
    for row in random.Random(seed).sample(rows, len(rows)):
        by_label[row["label"]].append(row)
    share = count // len(by_label)
    training = [row for label in sorted(by_label) for row in by_label[label][:share]]
    others = [row for label in sorted(by_label) for row in by_label[label][share:share + 2000 // len(by_label)]]
    return training, others


def peer_accuracy(training, held):
    model = make_pipeline(TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True),
                          LogisticRegression(C=10, max_iter=1000))
    model.fit([row["text"] for row in training], [row["label"] for row in training])
    return model.score([row["text"] for row in held], [row["label"] for row in held])


def senti_accuracy(senti, training, held, seed, options):
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        for name, rows in (("train", training), ("held", held)):
            text = "".join(
                json.dumps({"text": row["text"], "label": row["label"]}) + "\n" for row in rows)
            (folder / f"{name}.jsonl").write_text(text, encoding="utf-8")
        model = folder / "model.safetensors"
        subprocess.run([senti, "train", "sentiment", folder / "train.jsonl", "-o", model,
                        "--seed", str(seed), *options], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        found = subprocess.run([senti, "evaluate", "sentiment", folder / "held.jsonl", "--model", model,
                                "--format", "json"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout
        return json.loads(found)["accuracy"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("senti")
    parser.add_argument("texts")
    parser.add_argument("--rows", type=int, default=400)
    parser.add_argument("--seeds", type=int, default=5)
    arguments = parser.parse_args()
    with open(arguments.texts, encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    columns = {"TF-IDF": [], "senti": [], "senti --from english": []}
    for seed in range(1, arguments.seeds + 1):
        training, held = split(rows, arguments.rows, seed)
        columns["TF-IDF"].append(peer_accuracy(training, held))
        columns["senti"].append(senti_accuracy(arguments.senti, training, held, seed, []))
        columns["senti --from english"].append(
            senti_accuracy(arguments.senti, training, held, seed,
                           ["--from", "english", "--keep-vocabulary", "--lazy"]))
        print(seed, {name: round(found[-1], 4) for name, found in columns.items()}, flush=True)
    print("mean", {name: round(sum(found) / len(found), 4) for name, found in columns.items()})


if __name__ == "__main__":
    main()
