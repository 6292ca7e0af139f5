"""Write moments.json: what the reference tests need of data that may not be shipped.

    ANELLO_REFERENCE_DATA=/path/to/data python make_moments.py

The folder holds `multilevel_workgroups/{bh1996,lq2002,cohesion}.csv` (the R package `multilevel`,
Bliese). Only sums leave it: for each group and item n, sum, sum of squares and counts of answers,
and the cross-products of the items over all groups. Standard library only.
"""

import csv
import json
import os
from collections import Counter
from math import fsum
from pathlib import Path

SCORES = ("HRS", "LEAD", "COHES", "WBEING")
LEADERSHIP = tuple(f"LEAD{i:02d}" for i in range(1, 12))
COHESION = tuple(f"COH{i:02d}" for i in range(1, 6))
OPTIONS = (1, 2, 3, 4, 5)


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def groups(rows: list[dict[str, str]], column: str, items: tuple[str, ...]) -> dict:
    """Return the answers of each group, people with a missing answer left out."""
    found: dict[str, list[list[float]]] = {}
    for row in rows:
        if all(row[i] for i in items):
            found.setdefault(row[column], []).append([float(row[i]) for i in items])
    return dict(sorted(found.items(), key=lambda g: (len(g[0]), g[0])))


def sums(people: dict, counted: bool) -> dict:
    """Return n, sums, squares (and counts) with one entry for each group."""
    columns = {name: list(zip(*rows, strict=True)) for name, rows in people.items()}
    found = {
        "groups": list(people),
        "n": [len(rows) for rows in people.values()],
        "sums": [[fsum(c) for c in cols] for cols in columns.values()],
        "squares": [[fsum(x * x for x in c) for c in cols] for cols in columns.values()],
    }
    if counted:
        found["counts"] = [
            [[Counter(c)[o] for o in OPTIONS] for c in cols] for cols in columns.values()
        ]
    return found


def products(people: dict) -> list[list[float]]:
    rows = [row for group in people.values() for row in group]
    size = range(len(rows[0]))
    return [[fsum(r[i] * r[j] for r in rows) for j in size] for i in size]


def moments(folder: Path) -> dict:
    data = folder / "multilevel_workgroups"
    army = groups(read(data / "bh1996.csv"), "GRP", SCORES)
    lead_rows = read(data / "lq2002.csv")
    lead = groups(lead_rows, "COMPID", LEADERSHIP)
    cohesion = groups(read(data / "cohesion.csv"), "UNIT", COHESION)
    return {
        "bh1996": sums(army, counted=False),
        "lq2002": sums(lead, counted=True),
        "lq2002_scale": sums(groups(lead_rows, "COMPID", ("LEAD",)), counted=False),
        "cohesion": sums(cohesion, counted=True) | {"products": products(cohesion)},
    }


if __name__ == "__main__":
    target = Path(__file__).with_name("moments.json")
    found = moments(Path(os.environ["ANELLO_REFERENCE_DATA"]))
    lines = ",\n".join(f'"{name}": {json.dumps(value)}' for name, value in found.items())
    target.write_text("{" + lines + "}\n", encoding="utf-8")
