"""Size, coverage and power of the lag between two measures, and of a slope between units.

python benchmarks/riclpm_simulation.py --seeds 200
python benchmarks/riclpm_simulation.py --between --seeds 200 [--units 10]

The first draws 10, 30 or 100 units over 5 waves (Hamaker, Kuiper & Grasman, 2015): stable
differences that go together, inertia .3, and either no lag or a lag of .3 from x to y. The second
draws as many units of 15 people with two latent variables of three items each, whose slope between
units is 0 or .5. Printed as a table: what share of fits gave a proper solution, how often a lag is
found that is not there (5 % wanted), how often the 95 % interval holds the truth, how often the
planted one is found. Each number of units has a seed of its own, so that one row asked for alone
says what it says among all.
"""

import argparse
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from anello.model.errors import ModelError
from anello.stats.sem.fit import Fitted, fit
from anello.stats.sem.language.rows import Wish
from anello.stats.sem.language.syntax import parse
from anello.stats.sem.language.table import Table, table
from anello.stats.sem.likelihood.single import group_sums, single
from anello.stats.sem.likelihood.two_level import ClusterSums, two_level
from anello.stats.sem.panel_models import clpm, dynamic_panel, riclpm

WAVES, UNITS, PEOPLE = 5, (10, 30, 100), 15
X = tuple(f"x{t}" for t in range(1, WAVES + 1))
Y = tuple(f"y{t}" for t in range(1, WAVES + 1))
PANELS = {"riclpm": riclpm, "dpm": dynamic_panel, "clpm": clpm}
BETWEEN = (
    "level: 1\n xw =~ x1 + x2 + x3\n yw =~ y1 + y2 + y3\n yw ~ xw\n"
    "level: 2\n xb =~ x1 + x2 + x3\n yb =~ y1 + y2 + y3\n yb ~ slope*xb"
)
ITEMS = ("x1", "x2", "x3", "y1", "y2", "y3")


@dataclass(frozen=True, slots=True)
class Tried:
    """One fit: whether it has a proper solution, the estimate and its error."""

    proper: bool
    estimate: float
    se: float


def panel(rng: np.random.Generator, units: int, lead: float) -> np.ndarray:
    """Return units x 10 columns: x by wave, then y by wave."""
    stable = rng.multivariate_normal([0, 0], [[1, 0.5], [0.5, 1]], units)
    inside, found = rng.normal(size=(units, 2)), []
    for _ in range(WAVES):
        found.append(stable + inside)
        inside = inside @ np.array([[0.3, lead], [0.0, 0.3]]) + rng.normal(size=(units, 2))
    rows = np.array(found)
    return np.hstack([rows[:, :, 0].T, rows[:, :, 1].T])


def of_panel(model: str, rng: np.random.Generator, units: int, lead: float) -> Tried:
    """Return the lag from x to y of one drawn panel."""
    shape = table(parse(PANELS[model](X, Y, equal=True)), Wish(kind="lavaan"))
    return tried(
        lambda: fit(shape, single(shape, (group_sums((*X, *Y), panel(rng, units, lead)),))),
        "x_to_y",
    )


def of_units(rng: np.random.Generator, units: int, slope: float, shape: Table) -> Tried:
    """Return the slope between units of one draw of people in units."""
    j = np.repeat(np.arange(units), PEOPLE)
    b = rng.normal(size=(units, 2))
    b[:, 1] = slope * b[:, 0] + np.sqrt(1 - slope**2) * b[:, 1]
    w = rng.normal(size=(len(j), 2))
    w[:, 1] += 0.3 * w[:, 0]
    rows = np.repeat(w + 0.5 * b[j], 3, axis=1) + 0.7 * rng.normal(size=(len(j), 6))
    rows += 0.4 * rng.normal(size=(units, 6))[j]
    size = np.full(units, float(PEOPLE))
    means = np.array([np.bincount(j, column) for column in rows.T]).T / PEOPLE
    off = rows - means[j]
    sums = ClusterSums(ITEMS, (), size, means, np.zeros((units, 0)), off.T @ off)
    return tried(lambda: fit(shape, two_level(shape, (sums,))), "slope")


def tried(run: Callable[[], Fitted], label: str) -> Tried:
    """Return what a fit says of one parameter; a refused one has no proper solution."""
    try:
        found = run()
    except ModelError:
        return Tried(False, np.nan, np.nan)
    rows = zip(found.table.rows, found.estimates, found.errors, strict=True)
    estimate, se = next((e, s) for row, e, s in rows if row.label == label)
    improper = any(code in ("variance", "covariance") for code, _ in found.faults)
    return Tried(found.converged and not improper, estimate, se)


def share(found: Iterable[bool]) -> str:
    """Return a share in per cent."""
    listed = list(found)
    return f"{100 * sum(listed) / len(listed):.0f} %" if listed else "-"


def line(name: str, units: int, none: list[Tried], some: list[Tried], truth: float) -> str:
    """Return one row of the table; size, coverage and power are of proper solutions."""
    none_ok, some_ok = ([t for t in every if t.proper] for every in (none, some))
    size = share(abs(t.estimate / t.se) > 1.96 for t in none_ok)
    inside = share(abs(t.estimate - truth) <= 1.96 * t.se for t in some_ok)
    power = share(t.estimate / t.se > 1.96 for t in some_ok)
    proper = share(t.proper for t in (*none, *some))
    return f"| {name} | {units} | {proper} | {size} | {inside} | {power} |"


def main() -> None:
    """Draw, fit and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=200)
    parser.add_argument("--between", action="store_true")
    parser.add_argument("--units", type=int, choices=UNITS)
    asked = parser.parse_args()
    print("| model | units | proper solution | size | coverage | power |")
    print("| --- | --- | --- | --- | --- | --- |")
    for name in ("two-level SEM",) if asked.between else PANELS:
        shape = table(parse(BETWEEN), Wish(levels=2))
        for units in [asked.units] if asked.units else UNITS:
            rng = np.random.default_rng(units)
            truth = 0.5 if asked.between else 0.3
            none, some = (
                [
                    of_units(rng, units, value, shape)
                    if asked.between
                    else of_panel(name, rng, units, value)
                    for _ in range(asked.seeds)
                ]
                for value in (0.0, truth)
            )
            print(line(name, units, none, some, truth), flush=True)


if __name__ == "__main__":
    main()
