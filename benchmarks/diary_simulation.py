"""Size, coverage and power of the diary models at 10, 30 and 100 people of 14 days.

    python benchmarks/diary_simulation.py [--runs 200] [--model levels|mediation|ar1]
                                          [--truth 0.11] [--people 30]

Each run draws a diary from the model with the truth written below, misses 15 % of the days, fits
it and looks whether the 95 % interval holds the truth (coverage) and excludes zero (size when the
truth is zero, power when it is not). Printed: one row a model, truth and number of people; each is
drawn from a seed of its own, so that one row asked for alone says what it says among all.
"""

import argparse
import sys
from collections.abc import Callable

import numpy as np

from anello.stats.diary.ar1 import Problem, inertia, steps
from anello.stats.diary.mediation import Asked, mediation
from anello.stats.diary.within_between import centred, within_between
from anello.stats.moments import Floats

DAYS, MISSED, PEOPLE = 14, 0.15, (10, 30, 100)
Interval = tuple[float, float, float]
"""Truth, lower and upper limit."""


def shape(people: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Return person and day of the answered days; everybody answers at least four."""
    there = rng.random((people, DAYS)) >= MISSED
    there[:, :4] = True
    person, day = np.nonzero(there)
    return person.astype(np.int64), day.astype(float)


def levels(people: int, truth: float, rng: np.random.Generator) -> Interval:
    """Inside slope `truth`, SD 0.2 over people; between people the slope is -0.5."""
    person, _ = shape(people, rng)
    usual, slope = rng.standard_normal(people), truth + 0.2 * rng.standard_normal(people)
    x_in = rng.standard_normal(len(person))
    x = usual[person] + x_in
    y = -0.5 * usual[person] + 0.7 * rng.standard_normal(people)[person]
    y = y + slope[person] * x_in + rng.standard_normal(len(person))
    found = within_between(centred(person, y, x[:, None], ("x",)))
    return truth, found.slopes[0].within.low, found.slopes[0].within.high


def indirect(people: int, truth: float, rng: np.random.Generator) -> Interval:
    """Indirect effect `truth` = a b + cov(a, b), with a = b, slopes of SD 0.2 and cov 0.02."""
    person, _ = shape(people, rng)
    cov = 0.02 if truth else 0.0
    step = np.sqrt(truth - cov) if truth else 0.0
    root = np.linalg.cholesky(np.array([[0.04, cov], [cov, 0.04]]))
    a, b = (np.array([step, step])[:, None] + root @ rng.standard_normal((2, people)))[:, person]
    usual: Floats = rng.standard_normal((3, people))[:, person]
    x = rng.standard_normal(len(person))
    m = a * x + rng.standard_normal(len(person))
    y = b * m + 0.1 * x + rng.standard_normal(len(person))
    asked = Asked(draws=4000, seed=int(rng.integers(1 << 30)))
    part = mediation(person, x + usual[0], m + usual[1], y + usual[2], asked).part("indirect")
    return truth, part.low, part.high


def carried(people: int, truth: float, rng: np.random.Generator) -> Interval:
    """Inertia phi = `truth` of deviations of SD 1 around usual levels of SD 1."""
    person, day = shape(people, rng)
    e = np.zeros((people, DAYS))
    e[:, 0] = rng.standard_normal(people)
    for t in range(1, DAYS):
        e[:, t] = truth * e[:, t - 1] + np.sqrt(1 - truth**2) * rng.standard_normal(people)
    y = rng.standard_normal(people)[person] + e[person, day.astype(int)]
    problem = Problem(person, steps(person, day), np.ones((len(y), 1)), y, False)
    found = inertia(problem, ("(Intercept)",))
    return truth, found.low, found.high


MODELS: dict[
    str, tuple[Callable[[int, float, np.random.Generator], Interval], tuple[float, ...]]
] = {
    "levels": (levels, (0.0, 0.3)),
    "mediation": (indirect, (0.0, 0.11)),
    "ar1": (carried, (0.0, 0.2)),
}


def simulate(model: str, people: int, truth: float, runs: int, seed: int = 1) -> dict[str, float]:
    """Return coverage of the truth and the share of intervals without zero."""
    draw = MODELS[model][0]
    streams = np.random.default_rng([seed, people, int(1000 * truth)]).spawn(runs)
    found = np.array([draw(people, truth, rng) for rng in streams])
    held = (found[:, 1] <= found[:, 0]) & (found[:, 0] <= found[:, 2])
    away = (found[:, 1] > 0) | (found[:, 2] < 0)
    return {"coverage": float(held.mean()), "away": float(away.mean())}


def main() -> None:
    """Print the table."""
    reader = argparse.ArgumentParser()
    reader.add_argument("--runs", type=int, default=200)
    reader.add_argument("--model", choices=list(MODELS))
    reader.add_argument("--truth", type=float)
    reader.add_argument("--people", type=int, choices=PEOPLE)
    given = reader.parse_args()
    print("| model | truth | people | coverage of 95 % | size or power |")
    print("|---|---|---|---|---|")
    for model in [given.model] if given.model else list(MODELS):
        for truth in MODELS[model][1]:
            if given.truth not in (None, truth):
                continue
            for people in [given.people] if given.people else PEOPLE:
                found = simulate(model, people, truth, given.runs)
                share = f"{found['away']:.3f} ({'power' if truth else 'size'})"
                print(f"| {model} | {truth} | {people} | {found['coverage']:.3f} | {share} |")
                sys.stdout.flush()


if __name__ == "__main__":
    main()
