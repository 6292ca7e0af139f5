"""Key drivers of engagement in 2018, by plain numpy: what each theme adds, in every order.

Nothing of Anello is used here: it is the second pair of hands against which the product is tested.

    python examples/civil_service/by_hand.py
"""

import csv
from dataclasses import dataclass
from itertools import combinations
from math import comb
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

DATA = Path(__file__).parent / "data/org_year.csv"
OUTCOME = "engagement_index"
THEMES = (
    "leadership_change",
    "my_work",
    "inclusion_treatment",
    "resources_workload",
    "my_team",
    "my_manager",
    "objectives_purpose",
    "learning_development",
    "pay_benefits",
)
Array = NDArray[np.float64]


@dataclass(frozen=True)
class Drivers:
    """For each theme: r with engagement, standardised slope beside the others, share of R2."""

    rows: int
    r2: float
    r: dict[str, float]
    beta: dict[str, float]
    lmg: dict[str, float]


def figures(year: str) -> Array:
    """Return rows x (engagement, nine themes) of one year."""
    with DATA.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["year"] == year]
    return np.array([[float(row[c]) for c in (OUTCOME, *THEMES)] for row in rows])


def explained(R: Array, chosen: tuple[int, ...]) -> float:
    """Return R2 of column 0 on the chosen columns, from the correlation matrix."""
    if not chosen:
        return 0.0
    at = list(chosen)
    return float(R[0, at] @ np.linalg.solve(R[np.ix_(at, at)], R[at, 0]))


def drivers(year: str) -> Drivers:
    """Return LMG shares: the gain in R2 averaged over all orders of entry (Lindeman 1980)."""
    cells = figures(year)
    R = np.corrcoef(cells.T)
    p = len(THEMES)
    everyone = tuple(range(1, p + 1))
    known = {s: explained(R, s) for k in range(p + 1) for s in combinations(everyone, k)}
    lmg = dict.fromkeys(THEMES, 0.0)
    for subset, r2 in known.items():
        for j in set(everyone) - set(subset):
            gain = known[tuple(sorted((*subset, j)))] - r2
            lmg[THEMES[j - 1]] += gain / (p * comb(p - 1, len(subset)))
    beta = np.linalg.solve(R[1:, 1:], R[1:, 0])
    return Drivers(
        rows=len(cells),
        r2=known[everyone],
        r={theme: float(R[0, j + 1]) for j, theme in enumerate(THEMES)},
        beta={theme: float(beta[j]) for j, theme in enumerate(THEMES)},
        lmg=lmg,
    )


def report(d: Drivers) -> list[str]:
    """Return the lines that the page shows."""
    out = [f"2018: {d.rows} rows, R2 {d.r2:.6f}", f"{'theme':<22}       r    beta     LMG  share"]
    for theme in THEMES:
        share = d.lmg[theme] / d.r2
        shown = f"{d.r[theme]:+.4f} {d.beta[theme]:+.4f} {d.lmg[theme]:.4f}  {share:5.1%}"
        out.append(f"{theme:<22} {shown}")
    return out


if __name__ == "__main__":
    print("\n".join(report(drivers("2018"))))
