"""Re-type the public figures of hospital Trusts into `data/trust_year.csv`.

Reads `nhs_trusts/trust_year.csv` from the folder named by ANELLO_REFERENCE_DATA and keeps the
columns below, of NHS Trusts alone: commissioning bodies (CCG, ICB, CSU) and social enterprises are
left out, because they treat nobody in hospital and some have very few answers. `region` is left
out, because 2021 and 2022 use two different lists of regions.

Run it as `ANELLO_REFERENCE_DATA=... python examples/nhs/retype.py`; the same input gives the same
bytes.
"""

import csv
import os
import sys
from pathlib import Path

HERE = Path(__file__).parent
# column -> decimals kept (None: text). Six decimals of a share tell one answer in 10,000 apart.
COLUMNS: dict[str, int | None] = {
    "trust_code": None,
    "year": None,
    "trust_name": None,
    "benchmark_group": None,
    "staff_responses": 0,
    "staff_response_rate": 6,
    "engagement_mean_1to5": 6,
    "engagement_share": 6,
    "engagement_share_v2": 6,
    "recommend_work_share": 6,
    "recommend_care_share": 6,
    "work_stress_share": 6,
    "stress_share": 6,
    "burned_out_share": 6,
    "emotionally_exhausting_share": 6,
    "enough_staff_share": 6,
    "membership_share": 6,
    "autonomy_share": 6,
    "emotional_public_share": 6,
    "physical_public_share": 6,
    "shmi": 4,
    "ae_over_4h_share": 6,
    "ae_months": 0,
    "inpatient_meanS09_0to10": 6,
}
NOT_TRUSTS = {
    "CCGs",
    "ICBs",
    "CSUs",
    "Social Enterprises - Community",
    "Social Enterprises - Mental Health",
    "Community Surgical Services",
}


def cell(text: str, decimals: int | None) -> str:
    """Return one cell as written: a figure with fixed decimals, or text without doubled spaces.

    >>> cell("3.94666666666667", 6), cell("12.0", 0), cell("", 6), cell(" A  Trust ", None)
    ('3.946667', '12', '', 'A Trust')
    """
    if decimals is None:
        return " ".join(text.split())
    return f"{float(text):.{decimals}f}" if text else ""


def retype(source: Path, target: Path) -> int:
    """Write the extract, sorted by Trust and year, and return its number of rows."""
    with source.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["benchmark_group"] not in NOT_TRUSTS]
    rows.sort(key=lambda row: (row["trust_code"], row["year"]))
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows([cell(row[c], d) for c, d in COLUMNS.items()] for row in rows)
    return len(rows)


if __name__ == "__main__":
    folder = os.environ.get("ANELLO_REFERENCE_DATA")
    if not folder:
        sys.exit("Set ANELLO_REFERENCE_DATA to the folder that holds nhs_trusts/trust_year.csv.")
    written = retype(Path(folder) / "nhs_trusts" / "trust_year.csv", HERE / "data/trust_year.csv")
    print(f"data/trust_year.csv: {written} rows, {len(COLUMNS)} columns")
