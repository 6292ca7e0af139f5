"""Are shares of themes as sure as they say? Size, power and coverage by simulation.

    python benchmarks/drivers_simulation.py            # prints the tables
    python benchmarks/drivers_simulation.py --write    # into docs/reference/drivers*.md too

Three themes: `driver` goes with the outcome (r = 0.5), `twin` has no slope of its own but
correlates 0.7 with the driver, `noise` has nothing to do with anything. In the second kind of world
nothing goes with the outcome. Between units each unit is one row; within units 12 waves are looked
at, unit and wave means out. Per cent of worlds; with 1,000 worlds a figure near 95 moves by 1.4.
"""

import argparse
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from anello.stats.linear.demean import two_way
from anello.stats.relations.driver_shares import DriverShares, driver_shares
from anello.stats.relations.subsets import shares

DOCS = Path(__file__).parents[1] / "docs" / "reference"
UNITS, WAVES, R, TWIN = (10, 30, 100), 12, 0.5, 0.7
SURE = 0.8
NAMES = {
    "between": {"en": "between", "it": "tra unità"},
    "within": {"en": "within", "it": "dentro"},
}
HEAD = {
    "en": "level, units, noise above the yardstick, twin above it, driver above it, "
    "first in 80 %: right, first in 80 %: wrong, share of the driver inside its interval, "
    "nothing there: a theme above the yardstick, nothing there: first in 80 %",
    "it": "livello, unità, rumore sopra il metro, gemello sopra, tema vero sopra, "
    "primo nell’80 %: giusto, primo nell’80 %: sbagliato, quota del tema vero nel suo intervallo, "
    "non c’è nulla: un tema sopra il metro, non c’è nulla: primo nell’80 %",
}


def truth(r: float) -> np.ndarray:
    """Return the true correlations of driver, twin, noise and outcome."""
    C = np.eye(4)
    C[0, 1] = C[1, 0] = TWIN
    C[0, 3] = C[3, 0] = r
    C[1, 3] = C[3, 1] = r * TWIN
    return C


def world(rng: np.random.Generator, level: str, units: int, r: float) -> DriverShares:
    """Return what one world says, the outcome first among the columns."""
    n = units if level == "between" else units * WAVES
    drawn = rng.normal(size=(n, 4)) @ np.linalg.cholesky(truth(r)).T
    values = drawn[:, [3, 0, 1, 2]]
    unit = np.repeat(np.arange(units), n // units)
    df = n - 1
    if level == "within":
        values = two_way(values, unit, np.tile(np.arange(WAVES), units))
        df = n - units - (WAVES - 1)
    return driver_shares(values, unit, df=df, seed=int(rng.integers(1 << 31)))


def told(rng: np.random.Generator, level: str, units: int) -> Iterator[bool]:
    """Yield what one world with a driver and one without anything say."""
    found = world(rng, level, units, R)
    apart, first, sure = found.apart, found.sure.first, found.sure
    yield bool(apart[2])
    yield bool(apart[1])
    yield bool(apart[0])
    yield bool(first[0] >= SURE)
    yield bool(first[1:].max() >= SURE)
    true = float(shares(truth(R)[:, :, None], (1, 1, 1))[0, 0])
    yield bool(sure.low[0] <= true <= sure.high[0])
    empty = world(rng, level, units, 0.0)
    yield bool(empty.apart[2])
    yield bool(empty.sure.first.max() >= SURE)


def rows(worlds: int) -> Iterator[tuple[str, int, np.ndarray]]:
    """Yield the level, the units, and the per cent of worlds for each column."""
    for i, level in enumerate(NAMES):
        for units in UNITS:
            rng = np.random.default_rng([i, units])
            yield (
                level,
                units,
                100 * np.mean([list(told(rng, level, units)) for _ in range(worlds)], axis=0),
            )


def table(found: list[tuple[str, int, np.ndarray]], language: str) -> str:
    """Return the table in one language."""
    names = HEAD[language].split(", ")
    lines = [f"| {' | '.join(names)} |", "|---" * len(names) + "|"]
    for level, units, held in found:
        cells = " | ".join(f"{h:.1f}" for h in held)
        cells = cells.replace(".", ",") if language == "it" else cells
        lines.append(f"| {NAMES[level][language]} | {units} | {cells} |")
    return "\n".join(lines)


def put(path: Path, name: str, text: str) -> None:
    """Replace what stands between the two marks of a table in a document."""
    start, end = f"<!-- {name} -->", f"<!-- /{name} -->"
    before, _, rest = path.read_text("utf-8").partition(start)
    _, _, after = rest.partition(end)
    path.write_text(f"{before}{start}\n{text}\n{end}{after}", "utf-8")


def main() -> None:
    """Simulate, print, and write if asked."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--worlds", type=int, default=1000)
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    found = list(rows(given.worlds))
    print(table(found, "en"))
    if given.write:
        put(DOCS / "drivers.md", "size", table(found, "en"))
        put(DOCS / "drivers.it.md", "size", table(found, "it"))


if __name__ == "__main__":
    main()
