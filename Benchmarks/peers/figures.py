"""What the peers share: figures as every program of the benchmarks writes them, and the clock."""

import statistics
import time


def figure(program, work, cell, threads, value, unit="tokens/s"):
    """One figure, with the names that the program `recurrent` uses."""
    return {
        "program": program, "work": work, "cell": cell, "threads": threads,
        "value": value, "unit": unit}


def median_time(work, seconds, minimum_count=3):
    """Runs the work once to warm up, then for a time; the median time of a run, in seconds."""
    work()
    times, start = [], time.perf_counter()
    while len(times) < minimum_count or time.perf_counter() - start < seconds:
        run_start = time.perf_counter()
        work()
        times.append(time.perf_counter() - run_start)
    return statistics.median(times)
