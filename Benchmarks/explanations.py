#!/usr/bin/env python3
"""Measures explanations by deleting words (comprehensiveness, DeYoung et al. 2020).

usage: explanations.py SENTI TEXTS.jsonl [--count N] [--words K] [--seed S] [--model MODEL]

Of the first N texts with at least 4 K words, the K words that contributed most to the answer are deleted,
and K random ones; printed is by how much the probability of the answered class falls on average, the
largest gap between the contributions' sum and the log-odds that they should sum to, and the texts a second.
"""
import argparse
import json
import pathlib
import random
import subprocess
import tempfile
import time


def run(command, texts):
    lines = "".join(json.dumps({"text": text}) + "\n" for text in texts)
    output = subprocess.run(command, input=lines.encode(), stdout=subprocess.PIPE, check=True).stdout
    return [json.loads(line) for line in output.decode().splitlines()]


def explained(senti, model, texts):
    """The explanations of texts, and the seconds that they took."""
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for index, text in enumerate(texts):
            path = pathlib.Path(folder, f"{index:06}.txt")
            path.write_text(text, encoding="utf-8")
            paths.append(str(path))
        command = [senti, "explain", "--format", "jsonl", *model, *paths]
        began = time.time()
        output = subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout
    return [json.loads(line) for line in output.decode().splitlines()], time.time() - began


def without(text, words):
    """The text without some words, given by their ranges in UTF-8."""
    kept, end = b"", 0
    data = text.encode()
    for start, stop in sorted((word["start"], word["end"]) for word in words):
        kept, end = kept + data[end:start], stop
    return (kept + data[end:]).decode("utf-8", "replace")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("senti")
    parser.add_argument("texts")
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--words", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--model")
    arguments = parser.parse_args()
    model = ["--model", arguments.model] if arguments.model else []
    with open(arguments.texts, encoding="utf-8", newline="\n") as file:
        rows = (json.loads(line)["text"] for line in file)
        texts = [text for text in rows if len(text.split()) >= 4 * arguments.words][:arguments.count]
    found, seconds = explained(arguments.senti, model, texts)
    generator = random.Random(arguments.seed)
    best, chance = [], []
    for text, row in zip(texts, found, strict=True):
        words = row.get("words", row.get("explanation", {}).get("words", []))
        ranked = sorted(words, key=lambda word: -word["contribution"])
        best.append(without(text, ranked[:arguments.words]))
        chance.append(without(text, generator.sample(words, arguments.words)))
    command = [arguments.senti, "score", "-", "--input-format", "jsonl", "--format", "jsonl", "--scores",
               "--quiet", *model]
    whole = run(command, texts)
    falls = []
    for which, changed in (("most contributing", best), ("random", chance)):
        after = run(command, changed)
        fall = [before[before["label"]] - row[before["label"]]
                for before, row in zip(whole, after, strict=True)]
        falls.append(sum(fall) / len(fall))
        print(f"without {arguments.words} {which} words the probability falls by {falls[-1]:.4f}")
    print(f"ratio {falls[0] / falls[1]:.1f}")
    parts = [row.get("explanation", row) for row in found]
    gaps = sorted(abs(row["gap"]) / max(1e-9, abs(row["difference"] - row["baseline"])) for row in parts)
    print(f"gap of the sum: median {100 * gaps[len(gaps) // 2]:.2f} %, greatest {100 * gaps[-1]:.2f} %, "
          f"above 1 %: {sum(gap > 0.01 for gap in gaps)} of {len(gaps)}")
    print(f"{len(texts)} texts in {seconds:.1f} s")


if __name__ == "__main__":
    main()
