"""How often each verdict is given, where the truth is known.

Run `python benchmarks/verdict_rules.py` for the table in docs/reference/verdict-rules.md;
`--seeds N` changes how many panels are drawn for each line.

Every panel has units x waves figures: a stable part of each unit, a part that moves over time
(autocorrelation .5), and a shared shock in each wave. On both levels the true standardised slope
is `effect`. The effect worth acting on is 0.2 SD.
"""

import argparse
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from anello.link import shared
from anello.link.between_within import between_within
from anello.model.chain import Chain, Construct, Item, Link, Measure, Side, Source, Worth
from anello.model.evidence import Evidence, Level, Verdict
from anello.model.place import Plural, Units, Waves
from anello.model.words import Words
from anello.store.panel import Panel

STAY = 0.5
NAMES = Words("", "")
MANY = Plural(NAMES, NAMES)
WORTH = Worth(0.2, standardised=True)


@dataclass(frozen=True)
class World:
    """What is true: how many units and waves, the effect, and how well the source is measured.

    `reliability` is that of the moving part; `known` says whether the product is told of it, as
    it is for means of persons.
    """

    units: int
    waves: int
    effect: float
    reliability: float = 1.0
    known: bool = True


def chain(lag: int, reverse: bool = False) -> Chain:
    """Return a chain with one link, x to y, or back."""
    measures = tuple(Measure(k, k, NAMES, "s", (Item(k),)) for k in "xy")
    constructs = tuple(Construct(k, NAMES, Side.EMPLOYEE) for k in "xy")
    link = Link(*("yx" if reverse else "xy"), lag=lag, worth=WORTH)
    source = (Source("s", "-"),)
    return Chain(
        "sim", NAMES, constructs, measures, (link,), source, Units("u", MANY), Waves("w", MANY)
    )


def panel(x: np.ndarray, y: np.ndarray) -> Panel:
    """Return two measures as a panel."""
    units, waves = x.shape
    unknown = np.full(x.shape, np.nan)
    return Panel(
        tuple(f"u{j:03d}" for j in range(units)),
        tuple(str(t) for t in range(waves)),
        {"x": x, "y": y},
        {"x": unknown, "y": unknown},
    )


def moving(rng: np.random.Generator, units: int, waves: int) -> np.ndarray:
    """Return a series for each unit with variance 1 and autocorrelation .5."""
    out = np.empty((units, waves))
    out[:, 0] = rng.normal(size=units)
    for t in range(1, waves):
        out[:, t] = STAY * out[:, t - 1] + np.sqrt(1 - STAY**2) * rng.normal(size=units)
    return out


def draw(world: World, seed: int) -> Panel:
    """Return one panel of a world: stable parts, moving parts, wave shocks, noise in the source."""
    rng = np.random.default_rng(seed)
    J, T, r = world.units, world.waves, world.effect
    x = rng.normal(size=(J, 1)) + moving(rng, J, T)
    rest = rng.normal(size=(J, 1)) + moving(rng, J, T)
    y = r * x + np.sqrt(1 - r**2) * rest
    noise = np.sqrt(1 / world.reliability - 1) * rng.normal(size=(J, T))
    found = panel(x + noise + rng.normal(size=T), y + rng.normal(size=T))
    if world.reliability == 1 or not world.known:
        return found
    icc2 = 2 / (1 + 1 / world.reliability)
    people = {k: np.full((J, T), 20.0) for k in "xy"}
    return replace(found, icc2={"x": icc2}, persons=frozenset("x"), n=people)


def one_way(seed: int, effect: float, units: int = 140, waves: int = 8) -> Panel:
    """Return a panel in which x moves y one wave later and y never moves x."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(units, 1)) + moving(rng, units, waves)
    y = rng.normal(size=(units, 1)) + moving(rng, units, waves)
    y[:, 1:] += effect * x[:, :-1]
    return panel(x, y)


def judged(found: Panel, told: Chain) -> dict[Level, Evidence]:
    """Return the two rows of evidence of one panel, as the product gives them."""
    return {e.level: e for e in shared(between_within(found, told).evidence)}


def rates(world: World, seeds: int) -> dict[Level, Counter[Verdict]]:
    """Return how often each verdict was given, on each level."""
    counts: dict[Level, Counter[Verdict]] = {level: Counter() for level in Level}
    told = chain(0)
    for seed in range(seeds):
        for level, row in judged(draw(world, seed), told).items():
            counts[level][row.verdict] += 1
    return counts


def lagged(effect: float, waves: int, back: bool, seeds: int) -> tuple[float, Counter[Verdict]]:
    """Return, in a one-way world, how often one way has p <= .05 within units, and its verdicts."""
    told, verdicts, small = chain(1, reverse=back), Counter[Verdict](), 0
    for seed in range(seeds):
        row = judged(one_way(seed, effect, waves=waves), told)[Level.WITHIN]
        verdicts[row.verdict] += 1
        small += row.odds is not None and row.odds.p <= 0.05
    return small / seeds, verdicts


WORLDS = [
    World(units, waves, effect)
    for units in (10, 30, 100)
    for waves in (2, 4, 10)
    for effect in (0.0, 0.2, 0.5)
]
NOISY = [
    World(100, 10, effect, 0.5, known) for known in (True, False) for effect in (0.0, 0.2, 0.5)
]
SHOWN = (Verdict.GOES_TOGETHER, Verdict.BREAKS, Verdict.CANNOT_TELL_YET, Verdict.DESCRIBED_ONLY)


def table(seeds: int) -> Iterator[str]:
    """Yield the lines of the report in Markdown."""
    yield f"{seeds} panels for each line; per cent of verdicts."
    yield ""
    yield "| units | waves | reliability | true effect | level | " + " | ".join(SHOWN) + " |"
    yield "|---|---|---|---|---|" + "---|" * len(SHOWN)
    for world in WORLDS + NOISY:
        for level, counts in rates(world, seeds).items():
            shares = " | ".join(f"{100 * counts[v] / seeds:.1f}" for v in SHOWN)
            told = "" if world.reliability == 1 or world.known else ", not known"
            yield (
                f"| {world.units} | {world.waves} | {world.reliability}{told} | {world.effect} "
                f"| {level} | {shares} |"
            )
    yield ""
    yield "140 units; x moves y one wave later, y never moves x. Within units, lag 1."
    yield ""
    yield "| waves | true effect | way | p <= .05 | " + " | ".join(SHOWN[:3]) + " |"
    yield "|---|---|---|---|" + "---|" * 3
    for waves in (4, 8, 12):
        for effect in (0.0, 0.3, 0.5):
            for back in (False, True):
                small, counts = lagged(effect, waves, back, seeds)
                shares = " | ".join(f"{100 * counts[v] / seeds:.1f}" for v in SHOWN[:3])
                way = "back (y to x)" if back else "there (x to y)"
                yield f"| {waves} | {effect} | {way} | {100 * small:.1f} | {shares} |"


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=400)
    for line in table(parser.parse_args().seeds):
        print(line, flush=True)


if __name__ == "__main__":
    main()
