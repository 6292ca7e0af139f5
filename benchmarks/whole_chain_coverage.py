"""How often the intervals of an indirect effect hold the truth, and find it, by level.

Run `python benchmarks/whole_chain_coverage.py` for the table in docs/reference/path-model.md;
`--seeds N` changes how many panels are drawn for each line.

x goes with m by .4 and m with y by .4 (or 0: a broken chain), the same on both levels, 8 waves;
what is left of m and y has SD 1 on each level and keeps .5 of itself from wave to wave.
"""

import argparse
from collections.abc import Iterator

import numpy as np

from anello.link.whole_chain import whole_chain
from anello.model.chain import Chain, Construct, Item, Link, Measure, Side, Source
from anello.model.evidence import Level
from anello.model.paths import INDIRECT, PathEffect
from anello.model.place import Plural, Units, Waves
from anello.model.words import Words
from anello.store.panel import Panel

SLOPE, STAYS, WAVES = 0.4, 0.5, 8
NAMES = Words("", "")
MANY = Plural(NAMES, NAMES)


def chain() -> Chain:
    """Return x to m to y."""
    measures = tuple(Measure(k, k, NAMES, "s", (Item(k),)) for k in "xmy")
    constructs = tuple(Construct(k, NAMES, Side.EMPLOYEE) for k in "xmy")
    links = (Link("x", "m"), Link("m", "y"))
    return Chain(
        "sim", NAMES, constructs, measures, links, (Source("s", "-"),), Units("u", MANY),
        Waves("w", MANY),
    )  # fmt: skip


def panel(units: int, second: float, seed: int) -> Panel:
    """Return one world."""
    rng = np.random.default_rng([seed, units])

    def own() -> np.ndarray:
        moves = rng.normal(size=(units, WAVES))
        for t in range(1, WAVES):
            moves[:, t] = STAYS * moves[:, t - 1] + np.sqrt(1 - STAYS**2) * moves[:, t]
        return rng.normal(size=(units, 1)) + moves

    x = own()
    m = SLOPE * x + own()
    mean = {"x": x, "m": m, "y": second * m + own()}
    blank = {k: np.full((units, WAVES), np.nan) for k in mean}
    names = tuple(f"u{j:04d}" for j in range(units))
    return Panel(names, tuple(str(2001 + t) for t in range(WAVES)), mean, blank)


def effects(units: int, second: float, seed: int) -> dict[Level, PathEffect]:
    """Return the indirect effect by level, empty where the model was refused."""
    model = whole_chain(panel(units, second, seed), chain()).paths
    if model is None or model.refused:
        return {}
    return {level: model.of(INDIRECT, level)[0] for level in Level}


def lines(sizes: list[int], seeds: int) -> Iterator[str]:
    """Return the table: per cent of fitted panels."""
    yield "| units | true | level | fitted | delta covers | Monte Carlo covers | arrives |"
    yield "|---" * 7 + "|"
    for units in sizes:
        for second in (0.0, SLOPE):
            drawn = [effects(units, second, seed) for seed in range(seeds)]
            fitted = [found for found in drawn if found]
            true = SLOPE * second
            for level in Level:
                told = [found[level] for found in fitted]
                shares = (
                    np.mean([e.low <= true <= e.high for e in told]),
                    np.mean([e.drawn_low <= true <= e.drawn_high for e in told]),
                    np.mean([e.arrives for e in told]),
                )
                head = (
                    f"| {units} | {true:.2f} | {level.value} | {100 * len(fitted) / seeds:.1f} | "
                )
                yield head + " | ".join(f"{100 * s:.1f}" for s in shares) + " |"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=200)
    parser.add_argument("--units", type=int, nargs="+", default=[10, 30, 100])
    given = parser.parse_args()
    for line in lines(given.units, given.seeds):
        print(line, flush=True)
