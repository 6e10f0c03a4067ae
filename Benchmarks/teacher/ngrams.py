#!/usr/bin/env python3
"""Soft labels for whole reviews: senti models together with a logistic regression on n-grams.

    ngrams.py train TRAIN.jsonl REGRESSION.pickle
    ngrams.py label REGRESSION.pickle SENTI UNLABELLED.jsonl OUT.jsonl --models MODEL.safetensors...

`train` fits a logistic regression of the three classes on TF-IDF of words, pairs and triples; it errs on
other texts than a recurrent net. `label` takes the reviews without a label from UNLABELLED, which
prepare.py wrote (sources imdb_unsup and unlabelled_*), and writes each with `probabilities`: the normalized
geometric mean of the regression's, with a weight of --share, and of the models' with equal weights.
"""
import argparse
import json
import pickle

import numpy
from blend import LABELS, model_probabilities
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import SGDClassifier
from sklearn.pipeline import make_pipeline

TOKEN = r"(?u)\w+(?:'\w+)?|[!?:;()]+"


def rows(path):
    with open(path, encoding="utf-8", newline="\n") as file:
        return [json.loads(line) for line in file if line.strip()]


def straight(texts):
    """Texts with straight apostrophes."""
    return [row["text"].replace("\u2019", "'") for row in texts]


def train(arguments):
    texts = rows(arguments.train)
    regression = make_pipeline(
        TfidfVectorizer(ngram_range=(1, 3), min_df=3, sublinear_tf=True, token_pattern=TOKEN,
                        dtype=numpy.float32),
        SGDClassifier(loss="log_loss", alpha=2e-7, max_iter=8, tol=None, average=True, random_state=1))
    regression.fit(straight(texts), [row["label"] for row in texts])
    with open(arguments.regression, "wb") as file:
        pickle.dump(regression, file)


def logarithms(probabilities):
    return numpy.log(numpy.maximum(probabilities, 1e-4))


def label(arguments):
    with open(arguments.regression, "rb") as file:
        regression = pickle.load(file)
    texts = [row for row in rows(arguments.texts)
             if row["source"] == "imdb_unsup" or row["source"].startswith("unlabelled_")]
    order = [list(regression.classes_).index(name) for name in LABELS]
    total = arguments.share * logarithms(regression.predict_proba(straight(texts))[:, order])
    for model in arguments.models:
        answers = model_probabilities(arguments.senti, model, texts)
        found = numpy.array([answer or [1 / len(LABELS)] * len(LABELS) for answer in answers])
        total += (1 - arguments.share) / len(arguments.models) * logarithms(found)
    weights = numpy.exp(total - total.max(1, keepdims=True))
    with open(arguments.out, "w", encoding="utf-8", newline="\n") as out:
        for row, values in zip(texts, weights / weights.sum(1, keepdims=True), strict=True):
            row["probabilities"] = [round(float(value), 5) for value in values]
            out.write(json.dumps(row, ensure_ascii=False) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    verbs = parser.add_subparsers(required=True)
    training = verbs.add_parser("train")
    for name in ("train", "regression"):
        training.add_argument(name)
    training.set_defaults(run=train)
    labelling = verbs.add_parser("label")
    for name in ("regression", "senti", "texts", "out"):
        labelling.add_argument(name)
    labelling.add_argument("--models", nargs="+", required=True)
    labelling.add_argument("--share", type=float, default=0.3)
    labelling.set_defaults(run=label)
    arguments = parser.parse_args()
    arguments.run(arguments)


if __name__ == "__main__":
    main()
