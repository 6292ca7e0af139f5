"""Write the sufficient statistics of bh1996 that the WABA and Sobel tests read.

    ANELLO_REFERENCE_DATA=... python tests/reference/link/make_waba.py

bh1996 (7,382 soldiers in 99 groups; Bliese & Halverson 1996) may not be bundled: only group sizes,
group sums and the cross-products over everybody are kept.
"""

import csv
import json
import os
from pathlib import Path

import numpy as np

COLUMNS = ("HRS", "LEAD", "COHES", "WBEING")
HERE = Path(__file__).parent


def moments(folder: Path) -> dict[str, object]:
    """Return n and sums of each group and the cross-products of all rows."""
    with (folder / "multilevel_workgroups" / "bh1996.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    groups = sorted({row["GRP"] for row in rows}, key=float)
    code = np.array([groups.index(row["GRP"]) for row in rows])
    values = np.array([[float(row[c]) for c in COLUMNS] for row in rows])
    sums = [[float(np.sum(values[code == g, k])) for k in range(4)] for g in range(len(groups))]
    return {
        "columns": COLUMNS,
        "n": np.bincount(code).tolist(),
        "sums": np.round(sums, 9).tolist(),
        "cross": np.round(values.T @ values, 6).tolist(),
    }


if __name__ == "__main__":
    found = moments(Path(os.environ["ANELLO_REFERENCE_DATA"]))
    (HERE / "waba_moments.json").write_text(json.dumps(found) + "\n", "utf-8")
