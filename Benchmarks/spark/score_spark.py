"""Scores a data set with `senti score` on Apache Spark, each partition through a pipe.

    spark-submit score_spark.py INPUT OUTPUT [--senti PROGRAM] [--model FILE] [--text-field NAME]
                                [--partitions N]

INPUT is what Spark's `textFile` reads: JSON Lines in one file or many. OUTPUT becomes a folder of
JSON Lines, `part-00000` and so on; one after the other they are, byte for byte, what `senti score
INPUT` writes on one machine. `senti` and the model must be on every worker.
"""

import argparse
import subprocess
import tempfile
import threading

# 0: all rows were scored; 1: some hold an `error` instead.
GOOD_STATUSES = (0, 1)


def scored(rows, command):
    """Pipes the rows of a partition through a program; as many rows come out, or it raises."""
    counts = {"in": 0, "out": 0}
    failures = []
    with tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors)

        def feed():
            try:
                with process.stdin as pipe:
                    for row in rows:
                        counts["in"] += 1
                        pipe.write(row + b"\n")
            except BaseException as failure:  # Raised again below, in the task's own thread.
                failures.append(failure)

        feeder = threading.Thread(target=feed, daemon=True)
        feeder.start()
        try:
            for line in process.stdout:
                counts["out"] += 1
                yield line.rstrip(b"\n")
            feeder.join()
            status = process.wait()
        finally:
            process.kill()
            process.wait()
        errors.seek(0)
        message = errors.read().decode(errors="replace").strip()
    if failures:
        raise failures[0]
    if status not in GOOD_STATUSES or counts["in"] != counts["out"]:
        raise RuntimeError(
            f"{command[0]}: status {status}, {counts['in']} rows in, {counts['out']} out: {message}")


def command(options):
    """The program that a partition is piped through; the cluster's tasks are its threads."""
    parts = [options.senti, "score", "-", "--input-format", "jsonl", "--threads", "1", "--quiet",
             "--text-field", options.text_field]
    return parts + (["--model", options.model] if options.model else [])


def score(context, options, around=lambda index, rows: rows):
    """Scores INPUT into OUTPUT; `around` sees the rows of each partition before they are scored."""
    program = command(options)

    def partition(index, rows):
        # A partition without a row is no input to `senti`, which wants a text.
        rows = around(index, rows)
        first = next(rows, None)
        if first is not None:
            yield from scored(prepended(first, rows), program)

    rows = context.textFile(str(options.input), options.partitions, use_unicode=False)
    rows.mapPartitionsWithIndex(partition).saveAsTextFile(str(options.output))


def prepended(first, rest):
    yield first
    yield from rest


def parser():
    result = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    result.add_argument("input")
    result.add_argument("output")
    result.add_argument("--senti", default="senti")
    result.add_argument("--model")
    result.add_argument("--text-field", default="text")
    result.add_argument("--partitions", type=int, default=8)
    return result


if __name__ == "__main__":
    from pyspark.sql import SparkSession
    session = SparkSession.builder.appName("senti score").getOrCreate()
    score(session.sparkContext, parser().parse_args())
    session.stop()
