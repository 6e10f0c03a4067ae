"""How often the intervals of `senti share` hold the true share, by resampling labelled files.

usage: shares.py SENTI FILE.jsonl... [--rows 100] [--samples 100] [--by source] [--model FILE]

Each file has a text and its true label; rows are one pile for each value of --by, where there is such a
field. Each pile is scored once; then `senti sample` picks rows with one seed after the other, their true
labels are uncovered, and `senti share` estimates each label's share. Printed for each pile and label: the
true share, the fraction of intervals that hold it, the mean width, and that width beside the Wilson
interval of as many random rows without a model.
"""

import argparse
import json
import math
import pathlib
import subprocess
import tempfile


def wilson_width(share, count):
    z = 1.959963984540054
    spread = share * (1 - share) / count + z * z / (4 * count * count)
    return 2 * z * math.sqrt(spread) / (1 + z * z / count)


def piles(paths, field, minimum):
    rows = {}
    for path in paths:
        for line in open(path, encoding="utf-8"):
            row = json.loads(line)
            name = row.get(field) or pathlib.Path(path).stem
            rows.setdefault(name, []).append({"text": row["text"], "truth": row["label"]})
    return {name: pile for name, pile in sorted(rows.items()) if len(pile) >= minimum}


def scored(senti, pile, folder, model):
    source, target = folder / "pile.jsonl", folder / "scored.jsonl"
    source.write_text("".join(json.dumps(row) + "\n" for row in pile), encoding="utf-8")
    command = [senti, "score", source, "-o", target, "--force", "--quiet"]
    subprocess.run(command + (["--model", model] if model else []), check=True)
    return target


def estimates(senti, target, folder, rows, seed):
    sample = folder / "sample.jsonl"
    subprocess.run(
        [senti, "sample", target, "--rows", str(rows), "--seed", str(seed), "-o", sample, "--force"],
        check=True)
    output = subprocess.run(
        [senti, "share", target, "--labelled", sample, "--label-field", "truth", "--format", "json"],
        check=True, capture_output=True, text=True).stdout
    return {share["label"]: share for share in json.loads(output)["shares"]}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("senti")
    parser.add_argument("files", nargs="+")
    parser.add_argument("--rows", type=int, default=100)
    parser.add_argument("--samples", type=int, default=100)
    parser.add_argument("--by", default="source")
    parser.add_argument("--model")
    options = parser.parse_args()
    covered, ratios = [], []
    print(f"{'pile':24} {'label':9} {'rows':>6} {'share':>7} {'held':>6} {'width':>7} {'ratio':>6}")
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        for pile, rows in piles(options.files, options.by, 7 * options.rows).items():
            target = scored(options.senti, rows, folder, options.model)
            draws = [estimates(options.senti, target, folder, options.rows, seed)
                     for seed in range(1, options.samples + 1)]
            for label in sorted({row["truth"] for row in rows}):
                share = sum(row["truth"] == label for row in rows) / len(rows)
                found = [draw[label]["interval"] for draw in draws if label in draw]
                held = sum(low <= share <= high for low, high in found) / len(found)
                width = sum(high - low for low, high in found) / len(found)
                ratio = width / wilson_width(share, options.rows)
                covered.append(held)
                ratios.append(ratio)
                print(f"{pile:24.24} {label:9.9} {len(rows):6} {share:7.3f} {held:6.3f} "
                      f"{width:7.3f} {ratio:6.3f}", flush=True)
    mean = lambda values: sum(values) / len(values)
    print(f"mean of {len(covered)}: held {mean(covered):.3f}, ratio {mean(ratios):.3f}")


if __name__ == "__main__":
    main()
