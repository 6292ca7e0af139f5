"""How often each verdict of the reverse loop is given, where the truth is known.

Run `python benchmarks/reverse_loop_verdicts.py` for the table in docs/reference/reverse-loop.md;
`--seeds N` changes how many panels are drawn for each line, `--waves T` their length.

Every panel has a stable part of each unit (SD 1 on both sides, correlated .6) and a part that
moves (each side keeps .4 of itself, what is new goes together by .3). The lag from x to y and that
from y to x are 0 or .35. Worth acting on is 0.2 standard deviations. The CLPM is read as it
usually is: what has q <= .05 is claimed.
"""

import argparse
from collections import Counter
from collections.abc import Iterator

import numpy as np

from anello.link.reverse_loop import reverse_loop
from anello.model.chain import Chain, Construct, Item, Link, Measure, Side, Source, Worth
from anello.model.loop import Loop, LoopVerdict
from anello.model.place import Plural, Units, Waves
from anello.model.words import Words
from anello.store.panel import Panel

LAG, STAYS, STABLE = 0.35, 0.4, 0.6
TRUTHS = {"none": (0.0, 0.0), "forward": (LAG, 0.0), "both": (LAG, LAG)}
NAMES = Words("", "")
MANY = Plural(NAMES, NAMES)


def chain() -> Chain:
    """Return a chain with one link, x to y."""
    measures = tuple(Measure(k, k, NAMES, "s", (Item(k),)) for k in "xy")
    constructs = tuple(Construct(k, NAMES, Side.EMPLOYEE) for k in "xy")
    links = (Link("x", "y", worth=Worth(0.2, standardised=True)),)
    return Chain(
        "sim", NAMES, constructs, measures, links, (Source("s", "-"),), Units("u", MANY),
        Waves("w", MANY),
    )  # fmt: skip


def panel(units: int, waves: int, truth: str, seed: int) -> Panel:
    """Return x and y as a panel of one world."""
    rng = np.random.default_rng([seed, units, waves])
    xy, yx = TRUTHS[truth]
    together = np.array([[1.0, 0.3], [0.3, 1.0]])
    stable = rng.multivariate_normal([0, 0], [[1, STABLE], [STABLE, 1]], units)
    lags = np.array([[STAYS, yx], [xy, STAYS]])
    now, seen = np.zeros((units, 2)), []
    for _ in range(waves + 20):
        now = now @ lags.T + rng.multivariate_normal([0, 0], together, units)
        seen.append(now + stable)
    cube = np.stack(seen[-waves:], axis=1)
    mean = {"x": cube[:, :, 0], "y": cube[:, :, 1]}
    blank = {k: np.full((units, waves), np.nan) for k in mean}
    names = tuple(f"u{j:04d}" for j in range(units))
    return Panel(names, tuple(str(2001 + t) for t in range(waves)), mean, blank)


def loop(units: int, waves: int, truth: str, seed: int) -> Loop:
    """Return what is said of one panel."""
    return reverse_loop(panel(units, waves, truth, seed), chain()).loops[0]


def lines(sizes: list[int], waves: int, seeds: int) -> Iterator[str]:
    """Return the table: per cent of verdicts by the RI-CLPM, then by the CLPM."""
    codes = [v.value for v in LoopVerdict]
    yield "| units | waves | truth | model | " + " | ".join(codes) + " | covered |"
    yield "|---" * (len(codes) + 5) + "|"
    for units in sizes:
        for truth in TRUTHS:
            drawn = [loop(units, waves, truth, seed) for seed in range(seeds)]
            judged = Counter(one.verdict.value for one in drawn)
            naive = Counter(one.naive.claim.value for one in drawn if one.naive)
            for model, counts in (("RI-CLPM", judged), ("CLPM", naive)):
                shares = [f"{100 * counts[code] / seeds:.1f}" for code in codes]
                covered = _covered(drawn, truth) if model == "RI-CLPM" else "-"
                head = f"| {units} | {waves} | {truth} | {model} | "
                yield head + " | ".join(shares) + f" | {covered} |"


def _covered(drawn: list[Loop], truth: str) -> str:
    """Return in how many per cent of fitted panels the 95 % limits hold the true slope."""
    held = []
    for one in drawn:
        if one.judged is not None:
            for lag, true in zip((one.judged.forward, one.judged.back), TRUTHS[truth], strict=True):
                scale = lag.standardised / lag.estimate
                held.append(lag.low <= true * scale <= lag.high)
    return f"{100 * float(np.mean(held)):.1f}" if held else "-"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=200)
    parser.add_argument("--waves", type=int, default=5)
    parser.add_argument("--units", type=int, nargs="+", default=[10, 30, 100])
    given = parser.parse_args()
    for line in lines(given.units, given.waves, given.seeds):
        print(line, flush=True)
