"""How long a random-effects synthesis of many studies takes, beside statsmodels in the same run.

    python benchmarks/meta_speed.py --studies 1000

Both take effects and sampling variances in memory; statsmodels iterates Paule and Mandel's tau2,
Anello is timed with the same estimator, with REML, and with REML and Knapp-Hartung.
"""

import argparse
from collections.abc import Callable
from statistics import median
from time import perf_counter

import numpy as np

# Of the extra `bench`, as every peer here.
from statsmodels.stats.meta_analysis import combine_effects

from anello.stats.meta.random_effects import pool


def seconds(work: Callable[[], object], times: int = 5) -> float:
    """Return the median of some runs, after one for warmth."""
    work()
    taken = []
    for _ in range(times):
        start = perf_counter()
        work()
        taken.append(perf_counter() - start)
    return median(taken)


def main() -> None:
    """Print milliseconds for each way."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--studies", type=int, default=1000)
    studies = parser.parse_args().studies
    rng = np.random.default_rng(studies)
    v = rng.uniform(0.005, 0.05, studies)
    y = 0.2 + rng.normal(0, 0.15, studies) + rng.normal(0, np.sqrt(v))
    print(f"{studies} studies, milliseconds")
    for name, told in (
        ("Paule-Mandel", {"method": "PM"}),
        ("REML", {}),
        ("REML, Knapp-Hartung", {"knapp_hartung": True}),
    ):
        print(f"anello {name}: {1000 * seconds(lambda t=told: pool(y, v, **t)):.1f}")
    peer = seconds(lambda: combine_effects(y, v, method_re="iterated"))
    print(f"statsmodels, Paule-Mandel: {1000 * peer:.1f}")


if __name__ == "__main__":
    main()
