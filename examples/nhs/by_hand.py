"""Every figure of `docs/tutorials/nhs.md`, computed from `data/trust_year.csv` by plain numpy.

Nothing of Anello is used here: it is the second pair of hands against which the product is tested.

    python examples/nhs/by_hand.py
"""

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

DATA = Path(__file__).parent / "data/trust_year.csv"
ACUTE = "Acute and Acute & Community Trusts"
Array = NDArray[np.float64]


def load() -> list[dict[str, str]]:
    """Return the rows of the bundled file."""
    with DATA.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@dataclass(frozen=True)
class Pair:
    """Rows that hold both figures: the Trust, the year, the source and the target of each."""

    trust: NDArray[np.str_]
    year: NDArray[np.str_]
    x: Array
    y: Array

    @property
    def trusts(self) -> int:
        """Return the number of distinct Trusts."""
        return len(np.unique(self.trust))

    @property
    def rows(self) -> int:
        """Return the number of rows."""
        return len(self.x)

    def between(self) -> float:
        """Return r over Trust means, each Trust once."""
        means = [
            (self.x[self.trust == t].mean(), self.y[self.trust == t].mean())
            for t in np.unique(self.trust)
        ]
        return correlation(*np.array(means).T)

    def pooled(self) -> float:
        """Return r over rows as they stand, both levels mixed."""
        return correlation(self.x, self.y)

    def within(self, year_effects: bool = True) -> float:
        """Return r of what is left when Trust (and year) effects are out, by 0/1 columns."""
        codes = [self.trust, self.year] if year_effects else [self.trust]
        columns = np.hstack([np.unique(c)[None, :] == c[:, None] for c in codes]).astype(float)
        both = np.column_stack([self.x, self.y])
        left = both - columns @ np.linalg.lstsq(columns, both, rcond=None)[0]
        return float(left[:, 0] @ left[:, 1] / np.sqrt(np.prod(np.sum(left**2, axis=0))))

    def of(self, year: str) -> "Pair":
        """Return the rows of one year."""
        keep = self.year == year
        return Pair(self.trust[keep], self.year[keep], self.x[keep], self.y[keep])


def correlation(x: Array, y: Array) -> float:
    """Return Pearson's r."""
    return float(np.corrcoef(x, y)[0, 1])


def pair(x: str, y: str, years: range | None = None, group: str | None = None) -> Pair:
    """Return the rows that hold both columns, in these years and of this peer group."""
    kept = [
        row
        for row in load()
        if row[x] and row[y]
        and (years is None or int(row["year"]) in years)
        and (group is None or row["benchmark_group"] == group)
    ]  # fmt: skip
    return Pair(
        np.array([row["trust_code"] for row in kept]),
        np.array([row["year"] for row in kept]),
        np.array([float(row[x]) for row in kept]),
        np.array([float(row[y]) for row in kept]),
    )


def by_year(column: str) -> dict[str, tuple[float, int]]:
    """Return year -> (r with mortality, number of Trusts)."""
    both = pair(column, "shmi")
    years = [both.of(year) for year in np.unique(both.year)]
    return {str(p.year[0]): (p.pooled(), p.rows) for p in years}


def coverage() -> dict[str, dict[str, int]]:
    """Return year -> months covered by the emergency figure -> number of Trusts."""
    found: dict[str, dict[str, int]] = {}
    for row in load():
        if row["ae_over_4h_share"]:
            months = found.setdefault(row["year"], {})
            months[row["ae_months"]] = months.get(row["ae_months"], 0) + 1
    return {year: dict(sorted(found[year].items())) for year in sorted(found)}


def line(name: str, both: Pair, *figures: tuple[str, float]) -> str:
    """Return one printed line."""
    shown = "  ".join(f"{label} {value:+.4f}" for label, value in figures)
    return f"{name:<44} Trusts {both.trusts:>3}  rows {both.rows:>4}  {shown}"


def report() -> list[str]:
    """Return the lines that the tutorial shows."""
    first, late = pair("engagement_mean_1to5", "shmi"), range(2015, 2020)
    share = pair("engagement_share", "shmi", late)
    second = pair("engagement_share_v2", "shmi", late)
    waits = pair("burned_out_share", "ae_over_4h_share")
    acute = pair("burned_out_share", "ae_over_4h_share", group=ACUTE)
    score = pair("burned_out_share", "inpatient_meanS09_0to10")
    score_acute = pair("burned_out_share", "inpatient_meanS09_0to10", group=ACUTE)
    out = [
        line(name, p, ("between", p.between()), ("within", p.within()))
        for name, p in (
            ("engagement, mortality 2012-2019", first),
            ("first extraction as share, 2015-2019", share),
            ("second extraction, 2015-2019", second),
        )
    ]
    for name, p in (("burned out, waits 2021-2022", waits), ("... general acute", acute)):
        figures = (("pooled", p.pooled()), ("within", p.within()), ("no years", p.within(False)))
        out.append(line(name, p, *figures))
    for name, p in (
        ("burned out, inpatient score 2022", score),
        ("... general acute", score_acute),
    ):
        out.append(line(name, p, ("r", p.pooled())))
    return out + wandering()


def wandering() -> list[str]:
    """Return one line for each measure: its correlation with mortality, year by year."""
    return [
        f"{name:<12} " + "  ".join(f"{year} {r:+.2f}" for year, (r, _) in by_year(column).items())
        for name, column in WANDERING.items()
    ]


WANDERING = {
    "engagement": "engagement_mean_1to5",
    "advocacy": "recommend_care_share",
    "stress": "work_stress_share",
}

if __name__ == "__main__":
    print("\n".join(report()))
    for year, months in coverage().items():
        print(year, ", ".join(f"{n} Trusts with {m} months" for m, n in months.items()))
