#!/usr/bin/env python3
"""Forecasts 10,000 series with one net, by senti and by PyTorch: the same numbers, and how long each takes.

    forecasts.py SENTI WORK [--series 10000] [--threads 2] [--runs 5]

Writes a table of series of 60 numbers (seeded), trains a forecaster on 200 of them, and forecasts all: senti
as a whole process, from table to table; PyTorch by the same weights, from reading the table to the medians.
Of PyTorch the time of the net alone, on windows that are ready, is given too, with senti's whole process
beside it. Prints medians of the runs, which alternate, and exits with 1 where the forecasts differ.

Needs numpy, torch and safetensors; see requirements.txt.
"""
import argparse
import csv
import json
import pathlib
import random
import statistics
import subprocess
import sys
import time

import numpy
import torch
from safetensors import safe_open

LENGTH = 60


def write_table(path, count):
    generator = random.Random(1)
    with open(path, "w", encoding="utf-8", newline="\n") as file:
        file.write("unique_id,ds,y\n")
        for series in range(count):
            level, slope = generator.uniform(10, 100), generator.uniform(-0.2, 0.2)
            season = [generator.gauss(0, 5) for _ in range(7)]
            for index in range(LENGTH):
                value = level + slope * index + season[index % 7] + generator.gauss(0, 1)
                file.write(f"s{series},{index},{value:.3f}\n")


def read_table(path):
    """The numbers of all series, [S, LENGTH]."""
    with open(path, encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        next(rows)
        return numpy.array([float(row[2]) for row in rows]).reshape(-1, LENGTH)


class Net(torch.nn.Module):
    """The net of a model file, whose names and gate order are PyTorch's."""

    def __init__(self, path):
        super().__init__()
        with safe_open(path, "pt") as file:
            shape = json.loads(file.metadata()["senti.architecture"])
            tensors = {name: file.get_tensor(name) for name in file.keys()}
        self.window, self.season = shape["windowSize"], shape["season"]
        self.lags, self.horizon = shape["lagCount"], shape["horizon"]
        self.is_seasonal = shape["base"] == "seasonal-naive"
        hidden = shape["hiddenSize"]
        self.encoder = torch.nn.GRU(3, hidden)
        self.encoder.load_state_dict(
            {name.removeprefix("encoder."): value for name, value in tensors.items()
             if name.startswith("encoder.")})
        self.head = torch.nn.Linear(hidden + self.lags, tensors["head.bias"].numel())
        self.head.load_state_dict(
            {"weight": tensors["head.weight"], "bias": tensors["head.bias"]})

    def base(self, values, place, origin):
        """What the net corrects at a place, as known before an origin."""
        if not self.is_seasonal:
            return values[:, origin - 1]
        return values[:, place - self.season * ((place - origin) // self.season + 1)]

    def windows(self, values):
        """Features [W, S, 3], lags [S, L], base [S, horizon] and scale [S]."""
        end = values.shape[1]
        times = range(end - self.window, end)
        window = values[:, end - self.window:]
        center, scale = window.mean(1, keepdims=True), window.std(1, keepdims=True)
        missed = numpy.stack([values[:, t] - self.base(values, t, t) for t in times], 1)
        scaled = (window - center) / scale
        features = numpy.stack([scaled, numpy.ones_like(scaled), missed / scale], 2)
        base = numpy.stack([self.base(values, end + step, end) for step in range(self.horizon)], 1)
        return (torch.tensor(features.transpose(1, 0, 2), dtype=torch.float32).contiguous(),
                torch.tensor(scaled[:, self.window - self.lags:], dtype=torch.float32),
                base, scale)

    def forward(self, features, lags):
        states = self.encoder(features)[1][-1]
        return self.head(torch.cat([states, lags], 1)).reshape(len(lags), self.horizon, -1)

    def distances(self, features, lags, batch=1000):
        with torch.inference_mode():
            return torch.cat([
                self(features[:, start:start + batch], lags[start:start + batch])
                for start in range(0, len(lags), batch)]).numpy()


def medians(net, values):
    features, lags, base, scale = net.windows(values)
    distances = numpy.sort(net.distances(features, lags), 2)
    return base + scale * distances[:, :, distances.shape[2] // 2]


def timed(action):
    began = time.perf_counter()
    result = action()
    return time.perf_counter() - began, result


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("senti")
    parser.add_argument("work", type=pathlib.Path)
    parser.add_argument("--series", type=int, default=10_000)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--runs", type=int, default=5)
    arguments = parser.parse_args()
    arguments.work.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(arguments.threads)
    table, model = arguments.work / "series.csv", arguments.work / "model.safetensors"
    write_table(table, arguments.series)
    few = arguments.work / "few.csv"
    with open(table, encoding="utf-8") as file:
        lines = [next(file) for _ in range(1 + 200 * LENGTH)]
    few.write_text("".join(lines), encoding="utf-8")
    subprocess.run(
        [arguments.senti, "train", "forecaster", few, "-o", model, "--force", "--season", "7",
         "--horizon", "7", "--window", "28", "--lags", "7", "--members", "1", "--epochs", "3",
         "--progress", "never"], check=True)
    net = Net(model)
    command = [arguments.senti, "forecast", table, "-m", model, "--threads",
               str(arguments.threads), "--format", "csv"]

    def run_senti():
        output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        rows = csv.reader(output.splitlines()[1:])
        return numpy.array([float(row[2]) for row in rows]).reshape(-1, net.horizon)

    def run_whole():
        return medians(net, read_table(table))

    ready = net.windows(read_table(table))[:2]
    seconds = {"senti, whole process": [], "PyTorch, from table to medians": [],
               "PyTorch, the net alone": []}
    for _ in range(arguments.runs):
        began = time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        seconds["senti, whole process"].append(time.perf_counter() - began)
        seconds["PyTorch, from table to medians"].append(timed(run_whole)[0])
        seconds["PyTorch, the net alone"].append(timed(lambda: net.distances(*ready))[0])
    difference = numpy.abs(run_senti() - run_whole()).max()
    print(f"{arguments.series} series, {arguments.threads} threads, median of {arguments.runs} runs")
    for name, values in seconds.items():
        print(f"{name:32} {statistics.median(values):8.3f} s")
    print(f"greatest difference of the forecasts: {difference:.2g}")
    sys.exit(0 if difference < 1e-2 else 1)


if __name__ == "__main__":
    main()
