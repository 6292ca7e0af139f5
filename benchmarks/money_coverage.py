"""How often the interval of a sum of money holds the truth, and how often two estimates disagree.

Run `python benchmarks/money_coverage.py` for the table in docs/reference/money.md; `--seeds N`
changes how many companies are drawn for each line.

A company has units x 6 waves and measures x0 -> x1 -> ... -> xk, each moving with the one before by
a slope of 0.5 inside units, with a stable part of each unit and an autocorrelation of .5. One more
of the last is worth 1,000 euro. With a reliability below 1 every measure is read with noise.
"""

import argparse
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from anello.link.levels import within
from anello.link.money import money
from anello.link.rows import Rows
from anello.model.chain import Chain, Construct, Item, Link, Measure, Side, Source, Worth
from anello.model.evidence import WITHIN, Claim, Evidence, Level
from anello.model.money import Amount, Money, Value
from anello.model.place import Plural, Units, Waves
from anello.model.words import Words
from anello.stats.power.series import drawn
from anello.store.panel import Panel

NAMES = Words("", "")
MANY = Plural(NAMES, NAMES)
SLOPE, PRICE, WAVES, STEP = 0.5, 1000.0, 6, 1.0


@dataclass(frozen=True)
class World:
    """So many units, so many links on the way to money, measured so well."""

    units: int
    links: int
    reliability: float = 1.0

    @property
    def truth(self) -> float:
        """Return what a step of the first measure comes to, in each unit and wave."""
        return float(STEP * SLOPE**self.links * PRICE)


WORLDS = [World(units, links) for links in (1, 2, 4) for units in (10, 30, 100)]
WORLDS += [World(units, 2, 0.8) for units in (10, 30, 100)]


def chain(links: int) -> Chain:
    """Return the chain x0 -> ... -> xk with its direct link, worth 1,000 euro at the end."""
    keys = [f"x{i}" for i in range(links + 1)]
    measures = tuple(Measure(k, k, NAMES, "s", (Item(k),)) for k in keys)
    constructs = tuple(Construct(k, NAMES, Side.EMPLOYEE) for k in keys)
    worth = Worth(0.2, standardised=True, step=STEP)
    steps = [Link(a, b, worth=worth) for a, b in pairwise(keys)]
    direct = [Link(keys[0], keys[-1], worth=worth)] if links > 1 else []
    said = Money("EUR", (Value(keys[-1], Amount(PRICE, PRICE, PRICE)),), paths=(tuple(keys),))
    return Chain(
        "sim", NAMES, constructs, measures, (*steps, *direct), (Source("s", "-"),),
        Units("u", MANY), Waves("w", MANY), money=said,
    )  # fmt: skip


def values(world: World, rng: np.random.Generator) -> list[np.ndarray]:
    """Return what was read of each measure, units x waves."""
    shape = (world.units, WAVES)
    out, last = [], np.zeros(shape)
    for _ in range(world.links + 1):
        moving = drawn(1, *shape, 0.5, rng)[0]
        last = SLOPE * last + moving + rng.standard_normal((world.units, 1))
        noise = np.sqrt(1 / world.reliability - 1)
        out.append(last + noise * rng.standard_normal(shape))
    return out


def evidence(chain: Chain, read: list[np.ndarray]) -> list[Evidence]:
    """Return the within row of each link, as the product estimates it."""
    unit, wave = np.nonzero(np.ones_like(read[0]))
    found = []
    for link in chain.links:
        cells = [read[int(key[1:])][unit, wave] for key in (link.target, link.source)]
        rows = Rows(unit, wave, np.column_stack(cells), np.ones(len(unit)), np.zeros_like(unit))
        s = within(rows)
        assert s is not None
        found.append(Evidence(
            Claim(link.source, link.target), Level.WITHIN, WITHIN, "within", s.estimate,
            s.confidence.se, s.confidence.df, units=s.units, waves=s.waves, n=s.n, step=STEP,
            worth=0.2,
        ))  # fmt: skip
    return found


def tried(world: World, seeds: int) -> tuple[float, float, float, float]:
    """Return coverage of product and direct, the mean middle over the truth, and disagreement."""
    made = chain(world.links)
    nothing = Panel((), (), {}, {})
    held, direct, middles, apart = [], [], [], []
    for seed in range(seeds):
        read = values(world, np.random.default_rng((seed, world.units, world.links)))
        (figure,) = money(evidence(made, read), nothing, made, draws=4000)
        assert figure.product is not None
        held.append(figure.product.low <= world.truth <= figure.product.high)
        middles.append(figure.product.mid / world.truth)
        apart.append(figure.disagree)
        if figure.direct is not None:
            direct.append(figure.direct.low <= world.truth <= figure.direct.high)
    return (
        float(np.mean(held)),
        float(np.mean(direct)) if direct else float("nan"),
        float(np.mean(middles)),
        float(np.mean(apart)),
    )


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seeds", type=int, default=1000)
    seeds = parser.parse_args().seeds
    print(
        "| units | links | reliability | product holds | direct holds | middle / truth | disagree |"
    )
    print("|---|---|---|---|---|---|---|")
    for world in WORLDS:
        held, direct, middle, apart = tried(world, seeds)
        line = (f"{100 * held:.1f} %", "–" if np.isnan(direct) else f"{100 * direct:.1f} %",
                f"{middle:.2f}", "–" if world.links == 1 else f"{100 * apart:.1f} %")  # fmt: skip
        print(f"| {world.units} | {world.links} | {world.reliability:g} | {' | '.join(line)} |")


if __name__ == "__main__":
    main()
