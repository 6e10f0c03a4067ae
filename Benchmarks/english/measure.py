#!/usr/bin/env python3
"""Measures a model on every validation set of the English model, and on plain_validation.jsonl beside this file.

usage: measure.py SENTI MODEL DATA

SENTI is the program, MODEL a `.safetensors` file or `bundled`, DATA the folder that prepare.py wrote.
For each set: the number of texts; accuracy with all three answers, where an opinionated text answered
neutral counts as wrong; accuracy by sign (the larger of the probabilities of negative and positive);
macro F1 and average recall of three classes; both texts of a counterfactual pair right; expected
calibration error in 15 bins.
"""
import argparse
import json
import pathlib
import subprocess

LABELS = ["negative", "neutral", "positive"]


def scored(senti, model, path):
    """The held-out texts with the model's probabilities, in order."""
    with open(path, encoding="utf-8", newline="\n") as file:
        rows = [json.loads(line) for line in file]
    texts = "".join(json.dumps({"text": row["text"]}) + "\n" for row in rows)
    command = [senti, "score", "-", "--input-format", "jsonl", "--format", "jsonl", "--scores",
               "--progress", "never"]
    if model != "bundled":
        command += ["--model", model]
    output = subprocess.run(command, input=texts.encode(), stdout=subprocess.PIPE, check=True).stdout
    found = [json.loads(line) for line in output.decode().splitlines()]
    return [{"truth": row["label"], "pair": row.get("pair"), "found": answer["label"],
             "p": {label: answer.get(label, 0.0) for label in LABELS}}
            for row, answer in zip(rows, found, strict=True)]


def calibration_error(rows):
    bins = [[0, 0.0, 0] for _ in range(15)]
    for row in rows:
        confidence = max(row["p"].values())
        chosen = bins[min(14, int(confidence * 15))]
        chosen[0] += 1
        chosen[1] += confidence
        chosen[2] += row["found"] == row["truth"]
    return sum(abs(total - right) for _, total, right in bins) / len(rows)


def figures(rows):
    recalls, scores = {}, []
    for label in LABELS:
        truth = [row for row in rows if row["truth"] == label]
        right = sum(row["found"] == label for row in truth)
        found = sum(row["found"] == label for row in rows)
        if truth:
            recalls[label] = right / len(truth)
            scores.append(2 * right / (len(truth) + found))
    polar = [row for row in rows if row["truth"] != "neutral"]
    sign = sum((row["p"]["positive"] > row["p"]["negative"]) == (row["truth"] == "positive")
               for row in polar)
    result = {"texts": len(rows),
              "accuracy": sum(row["found"] == row["truth"] for row in rows) / len(rows),
              "by sign": sign / len(polar) if polar else None,
              "neutral": sum(row["found"] == "neutral" for row in polar) / len(polar) if polar else None,
              "macro F1": sum(scores) / len(scores),
              "recall": sum(recalls.values()) / len(recalls),
              "ECE": calibration_error(rows)}
    pairs = {}
    for row in rows:
        if row["pair"] is not None:
            pairs.setdefault(row["pair"], []).append(row["found"] == row["truth"])
    if pairs:
        result["both"] = sum(all(right) for right in pairs.values()) / len(pairs)
    return result


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("senti")
    parser.add_argument("model")
    parser.add_argument("data", type=pathlib.Path)
    arguments = parser.parse_args()
    columns = ["texts", "accuracy", "by sign", "neutral", "macro F1", "recall", "both", "ECE"]
    print("| set | " + " | ".join(columns) + " |")
    print("|---|" + "---|" * len(columns))
    here = pathlib.Path(__file__).parent
    for path in [*sorted((arguments.data / "validation").glob("*.jsonl")), here / "plain_validation.jsonl"]:
        found = figures(scored(arguments.senti, arguments.model, path))
        cells = [found.get(column) for column in columns]
        print(f"| {path.stem} | " + " | ".join(
            "" if cell is None else str(cell) if isinstance(cell, int) else
            f"{cell:.3f}" if column == "ECE" else f"{100 * cell:.1f}"
            for column, cell in zip(columns, cells)) + " |", flush=True)


if __name__ == "__main__":
    main()
