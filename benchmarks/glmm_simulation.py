"""Size, coverage and power of mixed models of counts, with few and with many units.

    python benchmarks/glmm_simulation.py            # prints the tables
    python benchmarks/glmm_simulation.py --write    # and puts them into docs/reference/glmm*.md

Each simulated world has 10, 30 or 100 units of 20 people. Half of the units have a practice that
does nothing (size) or raises the log odds by 0.8 (coverage, power); a habit that varies inside
units raises them by 0.4. Units differ with a standard deviation of 0.7. Per cent of worlds; with
200 worlds a figure near 95 moves by 3 either way, a figure near 5 by the same.
"""

import argparse
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from anello.stats.discrete.families import Counts
from anello.stats.discrete.glmm import fit
from anello.stats.discrete.summary import coefficients
from anello.stats.discrete.table import Table, Varying

DOCS = Path(__file__).parents[1] / "docs" / "reference"
UNITS, PEOPLE, SPREAD, HABIT, PRACTICE = (10, 30, 100), 20, 0.7, 0.4, 0.8
CUTS = np.array([-1.2, 0.0, 1.2])
HEADS = {
    "en": "answers, units, size plain, size z, size t, coverage z, coverage t, coverage within, "
    "power z, power t, mean spread",
    "it": "risposte, unità, falsi allarmi senza unità, falsi allarmi z, falsi allarmi t, "
    "copertura z, copertura t, copertura dentro le unità, potenza z, potenza t, dispersione media",
}


def world(rng: np.random.Generator, units: int, effect: float, kind: str) -> Table:
    """Return one world as a table of counts; the columns are practice and habit."""
    index = np.repeat(np.arange(units), PEOPLE)
    practice = (np.arange(units) % 2)[index].astype(float)
    habit = rng.integers(0, 3, len(index)).astype(float)
    level = rng.normal(0, SPREAD, units)[index]
    eta = level + effect * practice + HABIT * (habit - 1)
    draw = rng.logistic(size=len(index)) + eta
    top = len(CUTS) if kind == "ordinal" else 1
    category = (draw[:, None] > CUTS).sum(axis=1) if kind == "ordinal" else draw > 0
    counts = np.zeros((units, 3, top + 1))
    np.add.at(counts, (index, habit.astype(int), category.astype(int)), 1)
    return counted(counts, kind)


def counted(counts: np.ndarray, kind: str) -> Table:
    """Return counts (units x habits x answers) as a table."""
    units = len(counts)
    names = tuple(str(j) for j in range(units))
    if kind == "ordinal":
        unit, habit, category = np.nonzero(counts)
        x, seen = np.column_stack([unit % 2, habit]).astype(float), counts[counts > 0]
        varying = Varying("unit", names, unit, ("(Intercept)",), np.ones((len(unit), 1)), (1,))
        words = ("never", "seldom", "often", "always")
        cells = Counts(seen, seen)
        return Table(cells, x, ("practice", "habit"), (varying,), None, category, words)
    unit, habit = np.nonzero(counts.sum(axis=2))
    ones = np.ones((len(unit), 1))
    x = np.column_stack([ones[:, 0], unit % 2, habit])
    varying = Varying("unit", names, unit, ("(Intercept)",), ones, (1,))
    cells = Counts(counts[unit, habit, 1], counts[unit, habit].sum(axis=1))
    return Table(cells, x, ("(Intercept)", "practice", "habit"), (varying,))


def plain(table: Table) -> bool:
    """Tell whether a logistic regression that forgets the units finds the practice."""
    beta, x = np.zeros(3), table.x
    for _ in range(25):
        p = 1 / (1 + np.exp(-x @ beta))
        n = table.counts.total
        h = (x * (n * p * (1 - p))[:, None]).T @ x
        beta = beta + np.linalg.solve(h, x.T @ (table.counts.yes - n * p))
    return bool(abs(beta[1]) / np.sqrt(np.linalg.inv(h)[1, 1]) > 1.959964)


def one(rng: np.random.Generator, units: int, kind: str) -> Iterator[float]:
    """Yield what one world has to say, in the order of the columns."""
    nothing = world(rng, units, 0.0, kind)
    yield plain(nothing) if kind == "binary" else np.nan
    found = _practice(nothing, kind)[0]
    yield from (found["p"] < 0.05, found["p_t"] < 0.05)
    practice, habit, spread = _practice(world(rng, units, PRACTICE, kind), kind)
    yield practice["low"] < PRACTICE < practice["high"]
    yield practice["low_t"] < PRACTICE < practice["high_t"]
    yield habit["low_t"] < HABIT < habit["high_t"]
    yield from (practice["p"] < 0.05, practice["p_t"] < 0.05, spread / 100)


def _practice(table: Table, kind: str) -> tuple[dict, dict, float]:
    fitted = fit(table, "ordinal" if kind == "ordinal" else "binomial", "logit", nodes=5)
    rows = coefficients(fitted, PEOPLE * len(table.varying[0].units))[1]
    return rows[-2], rows[-1], abs(float(fitted.lambdas[0][0, 0]))


def rows(worlds: int) -> Iterator[str]:
    """Yield the rows of the table."""
    yield from (row(kind, units, worlds) for kind in ("binary", "ordinal") for units in UNITS)


def row(kind: str, units: int, worlds: int) -> str:
    """Return one row of the table."""
    rng = np.random.default_rng([units, len(kind)])
    found = 100 * np.mean([list(one(rng, units, kind)) for _ in range(worlds)], axis=0)
    *shares, spread = found
    texts = ["-" if np.isnan(s) else f"{s:.1f}" for s in shares]
    return f"| {kind} | {units} | " + " | ".join([*texts, f"{spread:.2f}"]) + " |"


def table(head: str, body: list[str]) -> str:
    """Return one Markdown table; `head` names its columns, parted by commas."""
    names = head.split(", ")
    return "\n".join([f"| {' | '.join(names)} |", "|---" * len(names) + "|", *body])


def put(path: Path, text: str) -> None:
    """Replace what stands between the two marks of the table in a document."""
    before, _, rest = path.read_text("utf-8").partition("<!-- simulation -->")
    after = rest.partition("<!-- /simulation -->")[2]
    marked = f"<!-- simulation -->\n{text}\n<!-- /simulation -->"
    path.write_text(before + marked + after, "utf-8")


def main() -> None:
    """Simulate, print, and write if asked."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--worlds", type=int, default=200)
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    body = list(rows(given.worlds))
    print(table(HEADS["en"], body))
    if given.write:
        put(DOCS / "glmm.md", table(HEADS["en"], body))
        italian = [row.replace(".", ",").replace("binary", "due") for row in body]
        italian = [row.replace("ordinal", "quattro, ordinate") for row in italian]
        put(DOCS / "glmm.it.md", table(HEADS["it"], italian))


if __name__ == "__main__":
    main()
