"""Sets the figures of `recurrent` and its peers side by side, and checks the ratios asked for.

    python recurrent_table.py FIGURES.jsonl ... [--json RESULT.json]

Where a figure was taken several times, the median counts. Exits with 1 when a ratio is missed, lacks
a figure, or has one that is not a positive number, and when there is no ratio at all. --allow-missing
forgives that figures lack; --processor-time leaves out the ratios of two threads, and no other.
`recurrent_table_test.py` tests this.
"""

import argparse
import datetime
import importlib.metadata
import json
import math
import pathlib
import statistics
import subprocess
import sys
from collections import defaultdict
from dataclasses import dataclass

FOLDER = pathlib.Path(__file__).resolve().parent
PROGRAMS = ("senti", "torch", "torch-padded", "torch-packed", "onnxruntime", "onednn")


@dataclass(frozen=True)
class Key:
    """What a figure is of; the unit tells two figures of one work apart."""

    program: str
    work: str
    cell: str | None = None
    threads: int = 1
    unit: str = "tokens/s"


@dataclass(frozen=True)
class Goal:
    """`upper` divided by `lower` is to be `least` or more; with 0 it is only shown."""

    text: str
    upper: Key
    lower: Key
    least: float = 0

    @property
    def is_of_two_threads(self):
        return 2 in (self.upper.threads, self.lower.threads)


def faster(text, work, cell, peer, least):
    return Goal(f"{text}, against {peer}", Key("senti", work, cell), Key(peer, work, cell), least)


def goals(accuracy_texts="labelled texts"):
    for peer, least in (("onednn", 1.05), ("torch", 2.6)):
        yield faster("GRU inference, fixed length", "inference-fixed", "gru", peer, least)
    for peer, least in (("onednn", 1.0), ("torch", 1.15)):
        yield faster("LSTM inference, fixed length", "inference-fixed", "lstm", peer, least)
    for peer in ("torch-packed", "onnxruntime"):
        yield faster("GRU inference, reviews", "inference-reviews", "gru", peer, 3.8)
    for peer, least in (("torch-padded", 9), ("torch-packed", 80)):
        yield faster("GRU training, reviews", "training-reviews", "gru", peer, least)
    yield faster("LSTM training, reviews", "training-reviews", "lstm", "torch-padded", 5)
    for kind in ("inference", "training"):
        yield Goal(
            f"GRU {kind}, reviews against one length", Key("senti", f"{kind}-reviews", "gru"),
            Key("senti", f"{kind}-level", "gru"), 0.95)
    for work in ("inference-fixed", "training-reviews"):
        yield Goal(
            f"GRU {work}, two threads against one", Key("senti", work, "gru", 2),
            Key("senti", work, "gru"), 1.9)
    yield Goal(
        "one review of 230 tokens, time of torch against ours",
        Key("torch", "inference-one", "gru", unit="ms"),
        Key("senti", "inference-one", "gru", unit="ms"), 5.3 / 1.5)
    yield Goal(
        "GRU inference in int8, against float32", Key("senti", "inference-int8", "gru"),
        Key("senti", "inference-fixed", "gru"), 2.5)
    yield Goal(
        "GRU inference in bfloat16, against float32", Key("senti", "inference-bf16", "gru"),
        Key("senti", "inference-fixed", "gru"))
    yield Goal(
        f"accuracy in int8, against float32, {accuracy_texts}",
        Key("senti", "accuracy-int8", unit="%"), Key("senti", "accuracy", unit="%"), 0.998)
    yield Goal(
        "GRU training, hidden 512, share of the peak",
        Key("senti", "training-fixed-512", "gru", unit="GFLOP/s"),
        Key("senti", "peak", unit="GFLOP/s"), 0.85)
    yield Goal(
        "memory of a training step, torch padded against ours",
        Key("torch-padded", "training-memory", "gru", unit="MB"),
        Key("senti", "training-memory", "gru", unit="MB"), 1.0)


def read_figures(paths):
    """For each key the median of its figures."""
    values = defaultdict(list)
    for path in paths:
        for line in path.read_text().splitlines():
            entry = json.loads(line)
            key = Key(
                entry["program"], entry["work"], entry.get("cell"), entry["threads"], entry["unit"])
            values[key].append(entry["value"])
    return {key: middle(found) for key, found in values.items()}


def middle(values):
    """The median; NaN where one of them is not a positive number, as every true figure is."""
    return statistics.median(values) if all(0 < value < math.inf for value in values) else math.nan


def print_figures(figures):
    print("| work | cell | threads | unit | " + " | ".join(PROGRAMS) + " |")
    print("|---" * (4 + len(PROGRAMS)) + "|")
    rows = dict.fromkeys((key.work, key.cell, key.threads, key.unit) for key in figures)
    for work, cell, threads, unit in rows:
        found = [figures.get(Key(name, work, cell, threads, unit)) for name in PROGRAMS]
        columns = ["" if value is None else f"{value:,.{2 if value < 100 else 0}f}" for value in found]
        print(f"| {work} | {cell or ''} | {threads} | {unit} | " + " | ".join(columns) + " |")


def judged(goals, figures):
    """Each goal with its ratio, None where a figure lacks."""
    for goal in goals:
        upper, lower = figures.get(goal.upper), figures.get(goal.lower)
        yield goal, None if upper is None or lower is None else upper / lower


def verdict(goal, ratio):
    if ratio is None:
        return "not measured"
    # Asked this way round, NaN misses too.
    if not ratio >= goal.least:
        return "MISSED"
    return "reached" if goal.least else "no limit"


def status(results, allows_missing):
    """The exit status: 0 where a ratio is reached and none is missed or, unless allowed, lacks."""
    verdicts = {verdict(goal, ratio) for goal, ratio in results}
    accepted = {"reached", "no limit"} | ({"not measured"} if allows_missing else set())
    return 0 if "reached" in verdicts and verdicts <= accepted else 1


def print_goals(results):
    print("\n| ratio | at least | found | |\n|---|---|---|---|")
    for goal, ratio in results:
        found = "" if ratio is None else f"{ratio:.2f}"
        least = f"{goal.least:.2f}" if goal.least else ""
        print(f"| {goal.text} | {least} | {found} | {verdict(goal, ratio)} |")


def said(*command):
    """What a program printed, or None where it failed."""
    found = subprocess.run(command, capture_output=True, text=True, cwd=FOLDER)
    return found.stdout.strip() if found.returncode == 0 else None


def circumstances():
    """When and where figures were taken, and of what; warns of peers that are not the pinned ones."""
    lines = (FOLDER / "requirements.txt").read_text().splitlines()
    pinned = dict(line.split("==") for line in lines if "==" in line)
    versions = {
        "senti": said("git", "describe", "--always", "--dirty"),
        "onednn": said("dpkg-query", "--show", "--showformat=${Version}", "libdnnl-dev"),
    }
    for package in ("torch", "onnxruntime"):
        try:
            versions[package] = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            continue
        if versions[package].split("+")[0] != pinned[package]:
            print(f"{package} {versions[package]} is installed, {pinned[package]} pinned",
                  file=sys.stderr)
    processor = pathlib.Path("/proc/cpuinfo").read_text().split("\n\n")[0]
    fields = {name.strip(): value.strip() for name, _, value in
              (line.partition(":") for line in processor.splitlines())}
    instructions = {"avx2", "avx512f", "avx512_vnni", "avx512_bf16"}
    return {
        "date": datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds"),
        "processor": fields.get("model name", "unknown"),
        "instructions": sorted(instructions & set(fields.get("flags", "").split())),
        "versions": versions,
    }


def as_json(figures, results):
    return circumstances() | {
        "figures": [vars(key) | {"value": value} for key, value in figures.items()],
        "ratios": [
            {"ratio": goal.text, "at_least": goal.least or None, "found": ratio,
             "verdict": verdict(goal, ratio).lower()}
            for goal, ratio in results
        ],
    }


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("figures", type=pathlib.Path, nargs="+")
    parser.add_argument("--json", type=pathlib.Path, help="write figures and ratios to this file")
    parser.add_argument("--allow-missing", action="store_true", help="forgive missing figures")
    parser.add_argument(
        "--processor-time", action="store_true", help="leave out the ratios of two threads")
    parser.add_argument(
        "--accuracy-texts", default="labelled texts", help="what accuracy was taken of, for its row")
    options = parser.parse_args(arguments)
    figures = read_figures(options.figures)
    asked = [goal for goal in goals(options.accuracy_texts)
             if not (options.processor_time and goal.is_of_two_threads)]
    results = list(judged(asked, figures))
    print_figures(figures)
    print_goals(results)
    if options.json:
        options.json.write_text(json.dumps(as_json(figures, results), indent=2) + "\n")
    return status(results, options.allow_missing)


if __name__ == "__main__":
    sys.exit(main())
