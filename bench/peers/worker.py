"""A Python program as a contender: one thread, waits for its turn, times itself.

Read by a bench (src/worker.rs says the same from its side): `script.py N` answers each line `count` with the nanoseconds of
`count` units of work after one warm-up. By hand: `script.py --medians 64,128` prints medians in microseconds as JSON.
"""

import os

# set before numeric libraries load: one CPU, one thread
if hasattr(os, "sched_setaffinity"):
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_name] = "1"
os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false " + os.environ.get("XLA_FLAGS", "")
os.environ["JAX_PLATFORMS"] = "cpu"

import argparse
import json
import statistics
import sys
import time


def timed(work, count):
    """Nanoseconds of `count` units of work, after one warm-up unit."""
    work(1)
    begin = time.perf_counter_ns()
    work(count)
    return time.perf_counter_ns() - begin


def medians(make, sides):
    """Median microseconds per unit for each side, over 51 batches of about 2 ms."""
    result = {}
    for side in sides:
        _, work = make(side)
        unit = min(timed(work, 1) for _ in range(3))
        count = max(1, 2_000_000 // unit)
        times = [timed(work, count) / count / 1e3 for _ in range(51)]
        result[str(side)] = round(statistics.median(times), 3)
    return result


def serve(make, side):
    """Answers requests until the input ends."""
    about, work = make(side)
    print("ready", about, flush=True)
    for line in sys.stdin:
        print(timed(work, int(line)), flush=True)


def main(make):
    """`make(side)` checks its results, then returns its versions and the work, a function of a count."""
    parser = argparse.ArgumentParser()
    parser.add_argument("side", type=int, nargs="?", help="answer counts on the standard input with nanoseconds")
    parser.add_argument("--medians", help="sides, with commas between: print medians in microseconds as JSON")
    arguments = parser.parse_args()
    try:
        if arguments.medians:
            print(json.dumps(medians(make, [int(side) for side in arguments.medians.split(",")])))
        elif arguments.side:
            serve(make, arguments.side)
        else:
            parser.error("a side, or --medians")
    except (ImportError, AssertionError) as error:
        print("missing", str(error).splitlines()[0] if str(error) else type(error).__name__, flush=True)
        sys.exit(1)


def noise(side):
    """Noise in [-1, 1), the same in each run."""
    import numpy

    return numpy.random.default_rng(1).uniform(-1.0, 1.0, (side, side)).astype(numpy.float32)
