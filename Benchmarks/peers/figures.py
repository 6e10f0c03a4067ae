"""What the peers share: figures as every program of the benchmarks writes them, and the clock."""

import statistics
import time


def figure(program, work, cell, threads, value, unit="tokens/s"):
    """One figure, with the names that the program `recurrent` uses."""
    return {
        "program": program, "work": work, "cell": cell, "threads": threads,
        "value": value, "unit": unit}


def median_time(work, seconds, clock=time.perf_counter, minimum_count=3):
    """Runs the work once to warm up, then for a time; the median time of a run, in seconds."""
    work()
    times, start = [], time.perf_counter()
    while len(times) < minimum_count or time.perf_counter() - start < seconds:
        run_start = clock()
        work()
        times.append(clock() - run_start)
    return statistics.median(times)


def add_clock(parser):
    """Adds the option by which `clock` is chosen."""
    parser.add_argument(
        "--processor-time", dest="clock", action="store_const", const=time.process_time,
        default=time.perf_counter, help="count processor time, for a machine that others use too")


def counts_processor_time(options):
    """Whether it was asked for; it says nothing of several threads."""
    return options.clock is time.process_time
