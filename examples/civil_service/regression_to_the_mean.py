"""Show what the weakest quarter gains from one year to the next when nothing at all is done.

Organisations are matched by the name published that year, without case. The quarters are cut on
the first year. Prints the table that `docs/tutorials/civil-service.md` shows:

    python examples/civil_service/regression_to_the_mean.py
"""

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np

DATA = Path(__file__).parent / "data/org_year.csv"


@dataclass(frozen=True)
class Change:
    """Engagement of the same organisations in two years; lowest and highest quarter apart.

    `lowest` and `highest` are (cut, organisations, mean change). `line` is the change that one
    straight line through all organisations gives for the lowest quarter, with no word about who
    did what: mean change + (r x SD2 / SD1 - 1) x distance of that quarter from the mean.
    """

    matched: int
    r: float
    sd: tuple[float, float]
    mean: float
    sd_change: float
    lowest: tuple[float, int, float]
    highest: tuple[float, int, float]

    line: float


def index_of(year: str) -> dict[str, float]:
    """Return name without case -> engagement index."""
    with DATA.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["year"] == year]
    return {row["name_that_year"].casefold(): float(row["engagement_index"]) for row in rows}


def compare(first: str, second: str) -> Change:
    """Return how the quarters cut on the first year changed until the second."""
    before, after = index_of(first), index_of(second)
    names = sorted(before.keys() & after.keys())
    x, y = (np.array([year[name] for name in names]) for year in (before, after))
    low, high = np.quantile(x, [0.25, 0.75])
    change, weakest, strongest = y - x, x <= low, x >= high
    slope = float(np.cov(x, y)[0, 1] / x.var(ddof=1))
    return Change(
        matched=len(names),
        r=float(np.corrcoef(x, y)[0, 1]),
        sd=(float(x.std(ddof=1)), float(y.std(ddof=1))),
        mean=float(change.mean()),
        sd_change=float(change.std(ddof=1)),
        lowest=(float(low), int(weakest.sum()), float(change[weakest].mean())),
        highest=(float(high), int(strongest.sum()), float(change[strongest].mean())),
        line=float(change.mean() + (slope - 1) * (x[weakest].mean() - x.mean())),
    )


def report(c: Change) -> list[str]:
    """Return the lines that the page shows."""
    return [
        f"matched organisations           {c.matched}",
        f"r between the two years         {c.r:.3f}",
        f"SD 2018, 2019                   {c.sd[0]:.1f}, {c.sd[1]:.1f}",
        f"mean change                     {c.mean:+.2f} (SD {c.sd_change:.2f})",
        f"lowest quarter  (<= {c.lowest[0]:.0f}, n {c.lowest[1]})  {c.lowest[2]:+.2f}",
        f"highest quarter (>= {c.highest[0]:.0f}, n {c.highest[1]})  {c.highest[2]:+.2f}",
        f"one line through all gives it   {c.line:+.2f}",
    ]


if __name__ == "__main__":
    print("\n".join(report(compare("2018", "2019"))))
