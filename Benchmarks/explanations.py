#!/usr/bin/env python3
"""Measures explanations by deleting words (DeYoung et al. 2020), beside LIME, leave-one-out and chance.

usage: explanations.py SENTI TEXTS.jsonl [--count N] [--words K] [--seed S] [--model MODEL]
                       [--lime N] [--samples 5000]

Of the first N texts with at least 4 K words, the K words that contributed most to the answer are deleted,
or kept alone, and K random ones; printed is by how much the probability of the answered class falls on
average (comprehensiveness; sufficiency, which is better the lower it is), the largest gap between the
contributions' sum and the log-odds that they should sum to, and the seconds. With --lime, the first so many
of the texts are also explained by leaving out each word, and by LIME (Ribeiro et al. 2016): a weighted
ridge regression on --samples texts with random words deleted, which the same program scores.
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
    done = subprocess.run(command, input=lines.encode(), stdout=subprocess.PIPE)
    # 1 says that a text had no word left, which has no answer.
    if done.returncode not in (0, 1):
        raise SystemExit(f"{command} ended with {done.returncode}")
    return [json.loads(line) for line in done.stdout.decode().splitlines()]


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


def words_of(row):
    return row.get("words", row.get("explanation", {}).get("words", []))


class Deletions:
    """Falls of the probability of the answered class where words are deleted."""

    def __init__(self, command, texts):
        self.command, self.texts = command, texts
        self.whole = run(command, texts)

    def falls(self, changed, owners):
        after = run(self.command, changed)
        labels = [self.whole[owner]["label"] for owner in owners]
        return [self.whole[owner][label] - (0.5 if row[label] is None else row[label])
                for owner, label, row in zip(owners, labels, after, strict=True)]

    def measure(self, name, chosen, found, seconds):
        """Prints both figures of a choice of words of each text."""
        count = len(chosen)
        deleted = [without(self.texts[i], chosen[i]) for i in range(count)]
        kept = []
        for index in range(count):
            places = {(word["start"], word["end"]) for word in chosen[index]}
            others = [word for word in words_of(found[index])
                      if (word["start"], word["end"]) not in places]
            kept.append(without(self.texts[index], others))
        fall = sum(self.falls(deleted, range(count))) / count
        rest = sum(self.falls(kept, range(count))) / count
        print(f"{name:24} texts {count:4} comprehensiveness {fall:.4f} sufficiency {rest:.4f} "
              f"{1000 * seconds / count:10.1f} ms a text", flush=True)
        return fall


def lime(deletions, index, words, samples, generator):
    """The words' weights in a ridge regression on texts with random words deleted (Ribeiro et al. 2016)."""
    import numpy

    count = len(words)
    masks = numpy.ones((samples, count))
    texts = []
    for sample in range(1, samples):
        off = generator.sample(range(count), generator.randint(1, count))
        masks[sample, off] = 0
        texts.append(without(deletions.texts[index], [words[place] for place in off]))
    texts = [deletions.texts[index]] + texts
    falls = deletions.falls(texts, [index] * samples)
    # The kernel of LIME's text explainer: cosine distances times 100, of width 25.
    distances = 100 * (1 - numpy.sqrt(masks.mean(axis=1)))
    weights = numpy.exp(-distances ** 2 / 25 ** 2 / 2)
    means = weights @ masks / weights.sum()
    target = -numpy.array(falls)
    centred = masks - means
    gram = centred.T @ (weights[:, None] * centred) + numpy.eye(count)
    return numpy.linalg.solve(gram, centred.T @ (weights * (target - weights @ target / weights.sum())))


def top(words, values, count):
    order = sorted(range(len(words)), key=lambda place: -values[place])
    return [words[place] for place in order[:count]]


def compare(deletions, found, best, chance, arguments, seconds):
    """LIME and leave-one-out on some of the texts, beside the contributions on the same."""
    count = min(arguments.lime, len(found))
    if count == 0:
        return
    generator = random.Random(arguments.seed)
    share = seconds * count / len(found)
    deletions.measure("contributions, the same", best[:count], found, share)
    deletions.measure("random words, the same", chance[:count], found, 0)
    began, chosen = time.time(), []
    for index in range(count):
        words = words_of(found[index])
        texts = [without(deletions.texts[index], [word]) for word in words]
        chosen.append(top(words, deletions.falls(texts, [index] * len(words)), arguments.words))
    deletions.measure("leave one out", chosen, found, time.time() - began)
    began, chosen = time.time(), []
    for index in range(count):
        words = words_of(found[index])
        chosen.append(top(words, lime(deletions, index, words, arguments.samples, generator),
                          arguments.words))
    deletions.measure(f"LIME, {arguments.samples} samples", chosen, found, time.time() - began)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("senti")
    parser.add_argument("texts")
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--words", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--model")
    parser.add_argument("--lime", type=int, default=0)
    parser.add_argument("--samples", type=int, default=5000)
    arguments = parser.parse_args()
    model = ["--model", arguments.model] if arguments.model else []
    with open(arguments.texts, encoding="utf-8", newline="\n") as file:
        rows = (json.loads(line)["text"] for line in file)
        texts = [text for text in rows if len(text.split()) >= 4 * arguments.words][:arguments.count]
    found, seconds = explained(arguments.senti, model, texts)
    generator = random.Random(arguments.seed)
    best, chance = [], []
    for text, row in zip(texts, found, strict=True):
        words = words_of(row)
        best.append(top(words, [word["contribution"] for word in words], arguments.words))
        chance.append(generator.sample(words, min(len(words), arguments.words)))
    command = [arguments.senti, "score", "-", "--input-format", "jsonl", "--format", "jsonl", "--scores",
               "--quiet", *model]
    deletions = Deletions(command, texts)
    fall = deletions.measure("contributions", best, found, seconds)
    print(f"ratio to chance {fall / deletions.measure('random words', chance, found, 0):.1f}")
    compare(deletions, found, best, chance, arguments, seconds)
    parts = [row.get("explanation", row) for row in found]
    gaps = sorted(abs(row["gap"]) / max(1e-9, abs(row["difference"] - row["baseline"])) for row in parts)
    print(f"gap of the sum: median {100 * gaps[len(gaps) // 2]:.2f} %, greatest {100 * gaps[-1]:.2f} %, "
          f"above 1 %: {sum(gap > 0.01 for gap in gaps)} of {len(gaps)}")
    print(f"{len(texts)} texts in {seconds:.1f} s")


if __name__ == "__main__":
    main()
