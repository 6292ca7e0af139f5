"""How near a plan comes to what then happens: power that was said, and verdicts that were given.

Run `python benchmarks/power_accuracy.py` for the tables in docs/reference/power.md; `--draws N`
changes how many data sets are drawn for each line.

`happened`: the share of data sets, with one cell in ten missing, whose interval left zero out on
the right side when the product fitted them one by one. `simulated` and `computed`: what the plan
said. `own history`: the mean, and the 10th and 90th percentile, of what plans said when each read
the variances and the autocorrelation from one such data set (40 of them).
"""

import argparse

import numpy as np

from anello.link.levels import between, within
from anello.link.plans import of_history
from anello.link.power import Design, reckoned, simulate
from anello.link.rows import Rows
from anello.model.chain import Link, Worth
from anello.model.evidence import Level
from anello.stats.linear.confidence import Confidence
from anello.stats.power.series import Parts, drawn
from anello.store.panel import Panel

LINK = Link("x", "y", worth=Worth(0.2, standardised=True))
SIDE = Parts(0.5, 0.5, 0.5)
LINES = [(level, units, waves, effect)
         for level in Level
         for units, waves, effect in ((10, 4, 0.5), (10, 8, 0.3), (30, 4, 0.3), (30, 8, 0.2),
                                      (100, 4, 0.2), (100, 8, 0.1))]  # fmt: skip
MISSING = 0.1


def panel(level: Level, units: int, waves: int, effect: float, rng: np.random.Generator) -> Panel:
    """Return a panel with this true standardised effect at one level and none at the other."""
    shape = (1, units, waves)
    u, e = rng.standard_normal((2, units, 1)) * np.sqrt(SIDE.stable)
    x, v = (np.sqrt(SIDE.moving) * drawn(*shape, SIDE.autocorrelation, rng)[0] for _ in range(2))
    left = np.sqrt(1 - effect**2)
    if level is Level.WITHIN:
        mean = {"x": u + x, "y": e + effect * x + left * v}
    else:
        mean = {"x": u + x, "y": effect * (u + x) + left * (e + v)}
    gone = rng.random((units, waves)) < MISSING
    mean = {key: np.where(gone, np.nan, value) for key, value in mean.items()}
    keys = tuple(map(str, range(units))), tuple(map(str, range(waves)))
    return Panel(*keys, mean, {})


def seen(panel: Panel, level: Level) -> bool:
    """Return whether the product sees the effect in these data."""
    known = np.isfinite(panel.mean["x"])
    unit, wave = np.nonzero(known)
    cells = np.column_stack([panel.mean["y"][known], panel.mean["x"][known]])
    rows = Rows(unit, wave, cells, np.ones(len(unit)), np.zeros(len(unit), dtype=np.int64))
    slope = between(rows) if level is Level.BETWEEN else within(rows)
    assert slope is not None
    found: Confidence = slope.confidence
    return found.limits()[0] > 0


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--draws", type=int, default=1000)
    draws = parser.parse_args().draws
    print("| level | units | waves | effect | happened | simulated | computed | own history |")
    print("|---|---|---|---|---|---|---|---|")
    for level, units, waves, effect in LINES:
        made = [panel(level, units, waves, effect, np.random.default_rng((seed, units, waves)))
                for seed in range(draws)]  # fmt: skip
        happened = np.mean([seen(p, level) for p in made])
        design = Design(units, waves, SIDE, SIDE)
        told = simulate(design, level, effect, LINK.worth, draws=10_000).seen
        quick = reckoned(design, level, effect, 0.2).seen
        own = [of_history(p, LINK, level) for p in made[:40]]
        said = [100 * simulate(d, level, effect, LINK.worth, 1000).seen for d in own if d]
        low, high = np.quantile(said, [0.1, 0.9])
        shares = " | ".join(f"{100 * share:.0f} %" for share in (happened, told, quick))
        history = f"{np.mean(said):.0f} % ({low:.0f} to {high:.0f})"
        print(f"| {level.value} | {units} | {waves} | {effect:g} | {shares} | {history} |")


if __name__ == "__main__":
    main()
