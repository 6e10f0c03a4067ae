"""Sets the figures of `senti score` and of the scripts score_*.py side by side.

    python score_table.py FOLDER [--json TABLE.json] [--at-least NAME=RATIO ...]

FOLDER holds senti.json, senti-1.json (one thread), senti-int8.json, torch.json, onnxruntime.json,
onnxruntime-sorted.json and distilbert.json, and the answers as NAME.csv. A ratio is senti's rows a second divided by the other's.
Exits with 1 when a ratio is below what is asked for, when PyTorch or ONNX Runtime does not give
senti's answers, or when senti's int8 answers are not nearly those in full precision.
"""

import argparse
import csv
import json
import pathlib
import sys

# Whose rows a second are divided by whose, and how much is asked for.
RATIOS = {
    "torch": ("senti", "torch", 7),
    "torch-reduced": ("senti-int8", "torch", 12),
    "onnxruntime": ("senti", "onnxruntime", 4),
    "onnxruntime-sorted": ("senti", "onnxruntime-sorted", 1.5),
    "distilbert": ("senti", "distilbert", 60),
    "threads": ("senti", "senti-1", 1.85),
}
# What share of senti's answers another's must be; tokenizers differ on a few words in a thousand.
AGREEMENT = 0.98


def answers(path):
    with path.open(newline="", encoding="utf-8") as file:
        rows = csv.DictReader(file)
        field = "senti_label" if "senti_label" in rows.fieldnames else "label"
        return [row[field] for row in rows]


def agreement(folder, name):
    """The share of a program's rows that are answered as senti answers them."""
    ours, theirs = answers(folder / "senti.csv"), answers(folder / f"{name}.csv")
    return sum(a == b for a, b in zip(ours, theirs)) / len(theirs)


def main():
    csv.field_size_limit(1 << 30)
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--json", type=pathlib.Path)
    parser.add_argument("--at-least", nargs="*", default=[], metavar="NAME=RATIO")
    options = parser.parse_args()
    asked = {name: limit for name, (_, _, limit) in RATIOS.items()}
    for argument in options.at_least:
        name, _, limit = argument.partition("=")
        if name not in asked:
            parser.error(f"expected one of {', '.join(asked)}, found {name}")
        asked[name] = float(limit)

    names = sorted({name for pair in RATIOS.values() for name in pair[:2]})
    figures = {name: json.loads((options.folder / f"{name}.json").read_text()) for name in names}
    print("| program | threads | rows | seconds | rows/s | tokens/s | answers like senti's |")
    print("|---|---|---|---|---|---|---|")
    failures = []
    for name, figure in figures.items():
        share = figure["agreement"] = agreement(options.folder, name)
        if not share >= AGREEMENT and name != "distilbert":
            failures.append(f"{name}: expected {AGREEMENT:.0%} of senti's answers, found {share:.2%}")
        print(f"| {figure['program']} | {figure['threads']} | {figure['rows']} |"
              f" {figure['seconds']:.1f} | {figure['rows_per_second']:.0f} |"
              f" {figure['tokens'] / figure['seconds']:.0f} | {share:.2%} |")
    print("\n| ratio of rows a second | found | at least |\n|---|---|---|")
    ratios = {}
    for name, (ours, theirs, _) in RATIOS.items():
        ratio = figures[ours]["rows_per_second"] / figures[theirs]["rows_per_second"]
        ratios[name] = {"found": ratio, "at_least": asked[name]}
        print(f"| {ours} / {theirs} | {ratio:.2f} | {asked[name]:g} |")
        if not ratio >= asked[name]:
            failures.append(f"{name}: expected a ratio of {asked[name]:g} or more, found {ratio:.2f}")
    if options.json:
        options.json.write_text(json.dumps({"figures": figures, "ratios": ratios}, indent=1) + "\n")
    for failure in failures:
        print(failure, file=sys.stderr)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
