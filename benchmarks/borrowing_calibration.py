"""Is what is borrowed calibrated on real correlations? Ranks of the truth, by simulation.

    python benchmarks/borrowing_calibration.py            # prints the tables
    python benchmarks/borrowing_calibration.py --write    # into docs/reference/meta*.md too

The true correlation of an organisation is drawn from the robust prior itself (a published
correlation of 0.33, corrected for noise with attenuation 0.9; a declared spread of 0.13; 20 % of
organisations of another kind), then so many units are drawn from a bivariate normal population and
`three_lines` is told their correlation. If all is right, the truth falls below the 5th percentile
of the line "together" in 5 per cent of worlds, and so on. With 4,000 worlds a figure near 5 or 95
moves by 0.7, one near 50 by 1.6 either way.
"""

import argparse
from math import atanh, tanh
from pathlib import Path

import numpy as np

from anello.link.published.borrowing import Prior, own_correlation, prior, three_lines
from anello.link.published.library import library
from anello.model.evidence import Verdict
from anello.stats.meta.borrow import Normal, borrow, predictive, robust

DOCS = Path(__file__).parents[1] / "docs" / "reference"
UNITS = (10, 30, 100)
POINTS = (0.05, 0.25, 0.50, 0.75, 0.95)
ANSWERS: dict[str, str | float] = {
    "contact": "much", "relation": "relation", "personal": "personal", "labour_share": 40,
    "units": 30, "employees_per_unit": 12, "customers_per_unit": 900,
}  # fmt: skip
HEADS = {
    "ranks": {
        "en": "units, below 5 %, below 25 %, below 50 %, below 75 %, below 95 %, inside 95 %, "
        "alone inside 95 %, width of together / alone",
        "it": "unità, sotto il 5 %, sotto il 25 %, sotto il 50 %, sotto il 75 %, sotto il 95 %, "
        "dentro il 95 %, da soli dentro il 95 %, ampiezza insieme / da soli",
    },
    "leans": {
        "en": "units, true r, alone goes together, together goes together, leans yes, leans no",
        "it": "unità, r vero, da soli vanno insieme, insieme vanno insieme, propendono per il sì, "
        "propendono per il no",
    },
}


def lent() -> Prior:
    """Return the prior of every world."""
    return prior(library().effect("harter_engagement"), ANSWERS, tau=0.13, attenuation=0.9)


def correlation(rng: np.random.Generator, rho: float, units: int) -> float:
    """Return the correlation of so many units from a population in which it is rho."""
    x = rng.normal(size=units)
    y = rho * x + (1 - rho**2) ** 0.5 * rng.normal(size=units)
    return float(np.corrcoef(x, y)[0, 1])


def ranks(units: int, worlds: int, seed: int = 1) -> np.ndarray:
    """Return for each world: P(effect < truth) together, inside together, inside alone, widths."""
    rng, p = np.random.default_rng([seed, units]), lent()
    parts = robust(predictive(p.mean, p.tau, p.se), vague=Normal(0.0, 1.0))
    found = np.empty((worlds, 5))
    for i in range(worlds):
        part = parts[int(rng.random() < parts[1].weight)]
        truth = float(rng.normal(part.mean, part.sd))
        r = correlation(rng, tanh(truth), units)
        lines = borrow(own_correlation(r, units), predictive(p.mean, p.tau, p.se))
        limits = [line.interval() for line in (lines.together, lines.alone)]
        inside = [low < truth < high for low, high in limits]
        wide = [high - low for low, high in limits]
        found[i] = (lines.together.below(truth), *inside, *wide)
    return found


def rank_row(units: int, worlds: int) -> str:
    """Return one row of the first table."""
    found = ranks(units, worlds)
    below = [100 * float(np.mean(found[:, 0] < point)) for point in POINTS]
    inside = (100 * found[:, 1:3].mean(axis=0)).tolist()
    ratio = float(found[:, 3].mean() / found[:, 4].mean())
    cells = " | ".join(f"{x:.1f}" for x in (*below, *inside))
    return f"| {units} | {cells} | {ratio:.2f} |"


def lean_row(units: int, rho: float, worlds: int) -> str:
    """Return one row of the second table: what is said when the true correlation is `rho`."""
    rng, p = np.random.default_rng([2, units, round(100 * rho)]), lent()
    said = np.zeros(4)
    for _ in range(worlds):
        lines = three_lines(p, correlation(rng, rho, units), units)
        yes = [line.verdict is Verdict.GOES_TOGETHER for line in (lines.alone, lines.together)]
        said += (*yes, lines.leans > 0, lines.leans < 0)
    cells = " | ".join(f"{100 * x / worlds:.1f}" for x in said)
    return f"| {units} | {rho:.1f} | {cells} |"


def table(head: str, body: list[str]) -> str:
    """Return one Markdown table; `head` names its columns, parted by commas."""
    names = head.split(", ")
    return "\n".join([f"| {' | '.join(names)} |", "|---" * len(names) + "|", *body])


def put(path: Path, name: str, text: str) -> None:
    """Replace what stands between the two marks of a table in a document."""
    start, end = f"<!-- {name} -->", f"<!-- /{name} -->"
    before, _, rest = path.read_text("utf-8").partition(start)
    _, _, after = rest.partition(end)
    path.write_text(f"{before}{start}\n{text}\n{end}{after}", "utf-8")


def main() -> None:
    """Simulate, print, and write if asked."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--worlds", type=int, default=4000)
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    assert abs(lent().mean - atanh(0.33 * 0.9)) < 1e-12
    bodies = {
        "ranks": [rank_row(units, given.worlds) for units in UNITS],
        "leans": [
            lean_row(units, rho, given.worlds // 4) for units in UNITS for rho in (0.0, 0.1, 0.3)
        ],
    }
    for name, body in bodies.items():
        print(table(HEADS[name]["en"], body), "\n", flush=True)
        if given.write:
            put(DOCS / "meta.md", name, table(HEADS[name]["en"], body))
            italian = [row.replace(".", ",") for row in body]
            put(DOCS / "meta.it.md", name, table(HEADS[name]["it"], italian))


if __name__ == "__main__":
    main()
