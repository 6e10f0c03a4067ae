"""Checks that Spark scores what one machine scores, also when a worker is killed.

    python check_spark.py SENTI INPUT.jsonl FOLDER

Runs `senti score` on the whole file, then score_spark.py on a cluster of two workers with a process
each (local-cluster mode), then the same again while one worker's process is killed in the middle of
a partition. Exits with 1 unless all three give the same bytes, both workers had partitions, and the
partition of the killed one was scored twice.
"""

import argparse
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import threading
import time

from pyspark import TaskContext
from pyspark.sql import SparkSession

import score_spark

PARTITIONS = 8
# In which partition the worker is killed, after how many rows.
KILLED_PARTITION, KILLED_ROW = 3, 40
SECONDS_TO_BE_KILLED = 60


def watched(folder, is_waiting):
    """Notes which process reads which partition; one partition waits there to be killed."""

    def around(index, rows):
        attempt = TaskContext.get().attemptNumber()
        # The parent of a Python worker is Spark's daemon, whose parent is the worker's process.
        worker = parent(os.getppid())
        (folder / f"{index}-{attempt}").write_text(str(worker))
        for number, row in enumerate(rows):
            if is_waiting and (index, attempt, number) == (KILLED_PARTITION, 0, KILLED_ROW):
                (folder / "waiting").write_text(str(worker))
                time.sleep(SECONDS_TO_BE_KILLED)
            yield row

    return around


def parent(process):
    """The process that started another."""
    return int(pathlib.Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[1])


def kill_waiting_worker(folder):
    """Waits until a worker is in the middle of its partition, and kills it."""
    for _ in range(10 * SECONDS_TO_BE_KILLED):
        if (folder / "waiting").exists() and (text := (folder / "waiting").read_text()):
            command = pathlib.Path(f"/proc/{text}/cmdline").read_bytes()
            if b"CoarseGrainedExecutorBackend" in command:
                os.kill(int(text), signal.SIGKILL)
                (folder / "killed").write_text(text)
            return
        time.sleep(0.1)


def run(name, senti, source, folder, is_killing):
    """Scores the file on a fresh cluster; gives the bytes, and where the notes are."""
    notes, output = folder / f"{name}-notes", folder / name
    for path in (notes, output):
        shutil.rmtree(path, ignore_errors=True)
    notes.mkdir()
    session = (
        SparkSession.builder.master("local-cluster[2,1,1024]").appName(name)
        .config("spark.ui.enabled", "false").config("spark.ui.showConsoleProgress", "false").config("spark.executor.memory", "512m")
        .config("spark.pyspark.python", sys.executable).getOrCreate())
    session.sparkContext.setLogLevel("ERROR")
    session.sparkContext.addPyFile(score_spark.__file__)
    session.sparkContext.addPyFile(__file__)
    options = score_spark.parser().parse_args(
        [str(source), str(output), "--senti", senti, "--partitions", str(PARTITIONS)])
    if is_killing:
        threading.Thread(target=kill_waiting_worker, args=[notes], daemon=True).start()
    try:
        score_spark.score(session.sparkContext, options, watched(notes, is_killing))
    finally:
        session.stop()
    parts = sorted(output.glob("part-*"))
    return b"".join(part.read_bytes() for part in parts), notes


def report(is_right, statement):
    print(f"{'ok   ' if is_right else 'WRONG'} {statement}", flush=True)
    return is_right


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("senti")
    parser.add_argument("input", type=pathlib.Path)
    parser.add_argument("folder", type=pathlib.Path)
    options = parser.parse_args()
    command = [options.senti, "score", options.input, "--quiet"]
    process = subprocess.run(command, stdout=subprocess.PIPE)
    if process.returncode not in score_spark.GOOD_STATUSES:
        sys.exit(f"senti score: status {process.returncode}")
    alone = process.stdout
    row_count = len(options.input.read_bytes().splitlines())
    results = [report(
        alone.count(b"\n") == row_count, f"one machine: {row_count} rows in, as many out")]

    scored, notes = run("whole", options.senti, options.input, options.folder, False)
    workers = {path.read_text() for path in notes.iterdir()}
    results += [
        report(scored == alone, "two workers: the same rows, the same bits"),
        report(len(workers) == 2, f"two workers: partitions went to {len(workers)} processes"),
    ]
    scored, notes = run("killed", options.senti, options.input, options.folder, True)
    again = (notes / f"{KILLED_PARTITION}-1").exists()
    results += [
        report((notes / "killed").exists(), "a worker was killed in the middle of a partition"),
        report(again, "its partition was scored again"),
        report(scored == alone, "no row is lost or doubled: the same rows, the same bits"),
    ]
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
