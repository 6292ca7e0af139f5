"""Size, coverage and power of the shifts' models at 10, 30 and 100 cafes.

    python benchmarks/contagion_simulation.py [--runs 200] [--model contagion|counter|one-site]

Each run draws rosters of 8 people over 10 days of two shifts with a busy-day shock (SD 1) and, in
`shaken`, a shock that hits one shift after it began; it fits the model with 199 deals and looks
whether each interval holds the truth and whether zero is rejected at .05: by the deals and by CR2.
`one-site` is a single cafe of 10, 16 and 24 people over 30 days (with many more the shifts
of one day are alike and the model refuses). `naive` is the mean of the
figure that takes nothing out.
"""

import argparse
import sys

import numpy as np

from anello.sample.shifts import Rota, worked
from anello.stats.contagion.colleagues import Asked, Contagion, contagion
from anello.stats.contagion.counter import counter
from anello.stats.contagion.shifts import first_of, shifts

SIZES = (10, 30, 100)
IN_ONE = (10, 16, 24)
PLANTED = ((0.0, 0.0), (0.0, 1.0), (0.2, 0.0))
"""Truth, and the SD of what shakes one shift."""


def words(values: np.ndarray) -> np.ndarray:
    """Return codes as texts."""
    return values.astype(str).astype(object)


def fitted(model: str, size: int, truth: float, shaken: float, seed: int) -> Contagion:
    """Return the fit of one drawn roster."""
    rng = np.random.default_rng([seed, size, int(100 * truth), int(10 * shaken)])
    rota = (
        Rota(1, size, 30, truth, truth, shaken=shaken)
        if model == "one-site"
        else Rota(size, 8, 10, truth, truth, shaken=shaken)
    )
    w = worked(rota, rng)
    rows = shifts(words(w.person), (words(w.cafe), words(w.day), words(w.slot)), w.before, w.after)
    asked = Asked(199, seed)
    if model == "counter":
        return counter(rows, w.rating[rows.place[first_of(rows.shift)]], asked)
    return contagion(rows, asked)


def simulate(model: str, size: int, truth: float, shaken: float, runs: int) -> list[float]:
    """Return coverage and rejections by the deals and by CR2, and the mean naive figure."""
    found = []
    for seed in range(runs):
        m = fitted(model, size, truth, shaken, seed)
        low, high = -np.inf if m.low is None else m.low, np.inf if m.high is None else m.high
        b = m.beta
        assert b.low is not None
        assert b.high is not None
        assert b.p is not None
        found.append((low <= truth <= high, m.p <= 0.05, b.low <= truth <= b.high, b.p <= 0.05,
                      m.naive or 0.0))  # fmt: skip
    return [float(x) for x in np.mean(found, axis=0)]


def main() -> None:
    """Print the table."""
    reader = argparse.ArgumentParser()
    reader.add_argument("--runs", type=int, default=200)
    reader.add_argument("--model", choices=["contagion", "counter", "one-site"])
    given = reader.parse_args()
    print("| model | truth | shaken | size | coverage, deals | rejected, deals | coverage, CR2 "
          "| rejected, CR2 | naive |")  # fmt: skip
    print("|---|---|---|---|---|---|---|---|---|")
    for model in [given.model] if given.model else ["contagion", "one-site", "counter"]:
        for truth, shaken in PLANTED:
            for size in IN_ONE if model == "one-site" else SIZES:
                cells = simulate(model, size, truth, shaken, given.runs)
                numbers = " | ".join(f"{x:.3f}" for x in cells[:4])
                print(f"| {model} | {truth} | {shaken} | {size} | {numbers} | {cells[4]:.2f} |")
                sys.stdout.flush()


if __name__ == "__main__":
    main()
