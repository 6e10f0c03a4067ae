"""Sets the figures of `epoch` and of train_gru.py side by side.

    python epoch_table.py SENTI.json TORCH.json

A ratio is senti's tokens a second divided by the peer's at the same number of threads.
"""

import json
import pathlib
import sys


def rows(senti, torch):
    """Program, threads, batches, tokens a second, cores busy, ratio; empty where there is none."""
    rates = {result["threads"]: result["tokens_per_second"] for result in senti["results"]}
    for result in senti["results"]:
        yield "senti", result, f"{result['busy_cores']:.2f}", ""
    for result in torch["results"]:
        ours = rates.get(result["threads"])
        ratio = f"{ours / result['tokens_per_second']:.2f}" if ours else ""
        yield f"torch.nn.GRU, {result['variant']}", result, f"{result['busy_cores']:.2f}", ratio


def main(senti_path, torch_path):
    senti, torch = (json.loads(pathlib.Path(path).read_text()) for path in (senti_path, torch_path))
    print(f"{torch['processor']}; torch {torch['torch']}, padding {torch['padding_share']:.1%}")
    print("\n| program | threads | batches | tokens/s | cores busy | senti is faster by |")
    print("|---|---|---|---|---|---|")
    for name, result, cores, ratio in rows(senti, torch):
        print(
            f"| {name} | {result['threads']} | {result['batches']}"
            f" | {result['tokens_per_second']:.0f} | {cores} | {ratio} |")
    speeds = {result["threads"]: result["tokens_per_second"] for result in senti["results"]}
    if 1 in speeds and 2 in speeds:
        print(f"\nsenti, two threads against one: {speeds[2] / speeds[1]:.2f}")


if __name__ == "__main__":
    main(*sys.argv[1:])
