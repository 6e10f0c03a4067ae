"""Prints one table a work of what `run` measured: means over seeds, with their deviation for the net.

usage: table.py WORK NAME...
Exits with 1 where a limit is missed.
"""

import glob
import json
import statistics
import sys

# What must hold: a figure of the net, of it or of a method, times a factor.
LIMITS = {
    "min-temperatures": [("rmse", "naive", 0.95), ("rmse", "ar", 1.0)],
    "airline": [("mase", None, 0.8), ("mase", "seasonal-naive", 1.0)],
    "champagne": [("mae", "seasonal-naive", 1.0)],
    "car-sales": [("mae", "seasonal-naive", 1.0)],
    "pollution": [("mae", "naive", 0.9), ("mae", "seasonal-naive", 0.9)],
}
FIGURES = ["mae", "rmse", "smape", "mase", "crps"]


def read(work, name):
    return [json.load(open(path)) for path in sorted(glob.glob(f"{work}/{name}.[0-9]*.json"))]


def figures(runs, method, figure):
    return [row[figure] for run in runs for row in run["methods"] if row["method"] == method]


def mean(values):
    return statistics.mean(values) if values and None not in values else float("nan")


def table(name, runs):
    print(f"\n{name}: horizon {runs[0]['horizon']}, {runs[0]['origins']} origins, {len(runs)} seeds")
    print("| method | " + " | ".join(FIGURES) + " | p (median) |\n|" + "---|" * (len(FIGURES) + 2))
    for row in runs[0]["methods"]:
        method = row["method"]
        cells = []
        for figure in FIGURES:
            values = figures(runs, method, figure)
            cell = f"{mean(values):.4g}"
            if method == "net" and len(values) > 1:
                cell += f" ± {statistics.stdev(values):.2g}"
            cells.append(cell)
        chances = [p for p in figures(runs, method, "p") if p is not None]
        cells.append(f"{statistics.median(chances):.4f}" if chances else "")
        print(f"| {method} | " + " | ".join(cells) + " |")
    shares = [
        f"{interval['interval']:.3g}: "
        + f"{mean([run['intervals'][index]['coverage'] for run in runs]):.3f}"
        for index, interval in enumerate(runs[0]["intervals"])
    ]
    print("\nwithin the intervals: " + ", ".join(shares))


def missed(name, runs):
    count = 0
    for figure, method, factor in LIMITS.get(name, []):
        net = mean(figures(runs, "net", figure))
        limit = factor * (mean(figures(runs, method, figure)) if method else 1)
        holds = net < limit
        count += not holds
        print(f"{'holds' if holds else 'MISSED'}: {figure} of the net {net:.4g}, limit {limit:.4g}"
              + (f" ({factor:g} times {method})" if method else ""))
    return count


def main():
    work, names = sys.argv[1], sys.argv[2:]
    count = 0
    for name in names:
        runs = read(work, name)
        if runs:
            table(name, runs)
            count += missed(name, runs)
    sys.exit(1 if count else 0)


if __name__ == "__main__":
    main()
