"""Write, for each year, n, sums and cross-products of three staff figures and mortality.

    ANELLO_REFERENCE_DATA=... python tests/reference/link/make_wandering.py

NHS staff survey and SHMI 2012-2019. Rows of Trusts are not kept here.
"""

import csv
import json
import os
from pathlib import Path

import numpy as np

COLUMNS = ("engagement_mean_1to5", "recommend_care_mean_1to5", "work_stress_share")
YEARS = range(2012, 2020)
HERE = Path(__file__).parent


def moments(folder: Path) -> dict[str, dict[str, dict[str, object]]]:
    """Return column -> year -> n, sums (figure, mortality) and their cross-products."""
    with (folder / "nhs_trusts" / "trust_year.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {
        column: {
            str(year): _year([r for r in rows if r["year"] == str(year)], column) for year in YEARS
        }
        for column in COLUMNS
    }


def _year(rows: list[dict[str, str]], column: str) -> dict[str, object]:
    known = [(float(r[column]), float(r["shmi"])) for r in rows if r[column] and r["shmi"]]
    values = np.array(known)
    return {
        "n": len(values),
        "sums": np.round(values.sum(axis=0), 9).tolist(),
        "cross": np.round(values.T @ values, 9).tolist(),
    }


if __name__ == "__main__":
    found = moments(Path(os.environ["ANELLO_REFERENCE_DATA"]))
    (HERE / "wandering_moments.json").write_text(json.dumps(found) + "\n", "utf-8")
