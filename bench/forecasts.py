#!/usr/bin/env python3
"""Compares the speed of Cairn's drawn futures with jira-agile-metrics and with a bootstrap in numpy.

    bench/forecasts.py

Everything runs one after the other on one core, on the same made-up history of 5,000 finishes in 1,600 days, and asks when
60 items are done. Each line is the best of some runs and its ratio to Cairn's. It builds Cairn's part with
`cargo run --release -p forecast --example futures`. What is not installed is named and left out; to have both:

    python3 -m venv venv && venv/bin/pip install numpy jira-agile-metrics && venv/bin/python bench/forecasts.py
"""
import datetime
import os
import random
import re
import subprocess
import time
from pathlib import Path

ITEMS, DAYS, FINISHES = 60, 1600, 5000
ROOT = Path(__file__).resolve().parent.parent


def best_of(runs, work):
    """The shortest time of some runs, in milliseconds."""
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times) * 1000


def daily_counts():
    chance = random.Random(1)
    counts = [0] * DAYS
    for _ in range(FINISHES):
        counts[chance.randrange(DAYS)] += 1
    return counts


def cairn():
    """Milliseconds for 100,000 futures with a capacity calendar."""
    command = ["cargo", "run", "--release", "--locked", "-q", "-p", "forecast", "--example", "futures"]
    told = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    print(told)
    return float(re.search(r"([\d.]+) ms  100,000 futures", told).group(1))


def numpy_bootstrap(counts):
    """Milliseconds for 100,000 futures that draw days of the last half year, without any capacity."""
    import numpy

    recent = numpy.array(counts[-182:])
    generator = numpy.random.default_rng(5)
    # Enough days that hardly any future is still open at the end.
    days = int(ITEMS / recent.mean() * 3)

    def draw():
        drawn = generator.choice(recent, size=(100_000, days))
        return (numpy.cumsum(drawn, axis=1) >= ITEMS).argmax(axis=1)

    return best_of(3, draw)


def jira_agile_metrics(counts, futures=1000):
    """Milliseconds for 100,000 futures, from fewer that were drawn."""
    import pandas
    from jira_agile_metrics.calculators.forecast import burnup_monte_carlo, throughput_sampler

    first = datetime.date(2024, 1, 1)
    dates = pandas.date_range(first, periods=182)
    throughput = pandas.DataFrame({"count": counts[-182:]}, index=dates)

    def draw():
        burnup_monte_carlo(
            start_value=0,
            target_value=ITEMS,
            start_date=dates[-1],
            frequency=datetime.timedelta(days=1),
            draw_sample=throughput_sampler(throughput, 0, ITEMS),
            trials=futures,
        )

    return best_of(2, draw) * 100_000 / futures


def main():
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    counts = daily_counts()
    ours = cairn()
    print(f"{ours:12.1f} ms   1.0  Cairn, with capacity")
    others = {"numpy, plain bootstrap": numpy_bootstrap, "jira-agile-metrics, scaled from 1,000": jira_agile_metrics}
    for name, measure in others.items():
        try:
            taken = measure(counts)
            print(f"{taken:12.1f} ms {taken / ours:5.1f}  {name}")
        except ImportError as missing:
            print(f"             –        {name}: {missing.name or missing} is not installed, see the head of this file")


if __name__ == "__main__":
    main()
