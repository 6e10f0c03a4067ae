"""What the scripts score_*.py share: rows of a CSV file, a word tokenizer, the clock.

Every script does what a person's would: read the CSV, tokenize with Hugging Face's `tokenizers`,
score, write a CSV with an answer for each row. The clock runs over all of it; making the tokenizer
and loading the model do not count.
"""

import argparse
import csv
import html
import itertools
import json
import math
import pathlib
import time

from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers

csv.field_size_limit(1 << 30)

SPECIAL_TOKENS = 4

# What UAX #29 and ICU keep together: letters and digits, an apostrophe or full stop between them.
WORDS = r"[\p{L}\p{N}\p{M}_]+(?:['’.·:_][\p{L}\p{M}_]+|['.,;][\p{N}]+)*|[^\s]"


def parser(description):
    result = argparse.ArgumentParser(description=description.splitlines()[0])
    result.add_argument("csv", type=pathlib.Path)
    result.add_argument("model", type=pathlib.Path)
    result.add_argument("--answers", type=pathlib.Path, required=True)
    result.add_argument("--json", type=pathlib.Path, required=True)
    result.add_argument("--threads", type=int, default=2)
    result.add_argument("--seconds", type=float, default=60, help="stop reading after this long")
    result.add_argument("--rows", type=int, default=1 << 62, help="stop reading after these")
    return result


def word_tokenizer(vocabulary, steps):
    """A tokenizer with the words of a senti vocabulary file.

    Markup, NFKC and case alone are normalized: what else senti does with reviews costs the peers nothing.
    """
    if not {"nfkc", "fold"} <= set(steps.split()):
        raise SystemExit(f"expected a model of texts with nfkc and fold, found {steps}")
    lines = vocabulary.decode().split("\n\n", 1)[1].splitlines()
    words = {line.rsplit("\t", 1)[0]: number for number, line in enumerate(lines)}
    tokenizer = Tokenizer(models.WordLevel(words, unk_token="<unk>"))
    tokenizer.normalizer = normalizers.Sequence([
        normalizers.Replace(Regex("</?[A-Za-z][^<>]*>"), " "), normalizers.NFKC(),
        normalizers.Lowercase()])
    tokenizer.pre_tokenizer = pre_tokenizers.Split(Regex(WORDS), "removed", invert=True)
    return tokenizer


def without_entities(text):
    return html.unescape(text) if "&" in text else text


def batches(options, size):
    """The texts of the CSV file in lists of a size, until the time is up."""
    start = time.perf_counter()
    with options.csv.open(newline="", encoding="utf-8") as file:
        texts = (row["text"] for row in itertools.islice(csv.DictReader(file), options.rows))
        while batch := list(itertools.islice(texts, size)):
            yield batch
            if time.perf_counter() - start > options.seconds:
                return


def sorted_batches(sequences, size):
    """Indices of sequences in batches of similar length."""
    order = sorted(range(len(sequences)), key=lambda index: -len(sequences[index]))
    return [order[start:start + size] for start in range(0, len(order), size)]


def run(options, program, score, window):
    """Scores the file window by window, writes answers, and says how fast it was.

    `score` takes texts and gives the probability of `positive` for each, and the number of tokens.
    """
    start = time.perf_counter()
    row_count = token_count = 0
    with options.answers.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["label", "score"])
        for texts in batches(options, window):
            probabilities, tokens = score(texts)
            if not all(map(math.isfinite, probabilities)):
                raise SystemExit(f"{program}: a probability is not a number")
            for value in probabilities:
                label = "positive" if value > 0.5 else "negative"
                writer.writerow([label, 2 * float(value) - 1])
            row_count += len(texts)
            token_count += tokens
    seconds = time.perf_counter() - start
    figure = {
        "program": program, "threads": options.threads, "rows": row_count, "tokens": token_count,
        "seconds": seconds, "rows_per_second": row_count / seconds}
    options.json.write_text(json.dumps(figure) + "\n")
    print(json.dumps(figure))
