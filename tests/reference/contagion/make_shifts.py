"""Write the shifts that R and Anello both fit: three sites, one of them alone, gaps and weights.

    python tests/reference/contagion/make_shifts.py

Everything follows from the rule below and a seed; no person of flesh stands behind a row.
"""

import csv
from pathlib import Path

import numpy as np

HERE = Path(__file__).parent
SLOTS = ("early", "late", "night")


def shifts(sites: int, days: int, people: int, seed: int) -> list[list[object]]:
    """Return rows: 60 % of a site's people a day, dealt over two or three shifts, 8 % missing."""
    rng = np.random.default_rng(seed)
    rows: list[list[object]] = []
    for s in range(sites):
        usual = rng.normal(size=people)
        for d in range(days):
            there = rng.permutation(people)[: int(0.6 * people) + int(rng.integers(0, 3))]
            slots = rng.integers(0, 2 + (d % 3 == 0), len(there))
            busy = rng.normal()
            pre = usual[there] + 0.5 * busy + rng.normal(size=len(there))
            for i, p in enumerate(there):
                others = pre[(slots == slots[i]) & (there != p)]
                caught = 0.3 * others.mean() if len(others) else 0.0
                post = 0.4 * pre[i] + caught + usual[p] + busy + rng.normal()
                row = [f"p{s}-{p}", f"shop {s}", f"2025-03-{d + 1:02d}", SLOTS[slots[i]]]
                hours = int(rng.integers(4, 9))
                before = "" if rng.random() < 0.08 else f"{pre[i]:.6f}"
                after = "" if rng.random() < 0.08 else f"{post:.6f}"
                rows.append([*row, before, after, hours, f"{slots[i] + busy:.3f}"])
    for row in rows:
        key = row[1:4]
        known = [float(str(r[4])) for r in rows if r[1:4] == key and r[4]]
        mood = float(np.mean(known)) if known else 0.0
        row.append(f"{float(str(row[7])) + 0.25 * mood + 0.3 * np.sin(len(known) * mood):.6f}")
    return rows


def main() -> None:
    """Write both files."""
    head = ["who", "shop", "day", "shift", "before", "after", "hours", "busy", "rating"]
    for name, made in (("shops", shifts(6, 12, 8, 3)), ("shop", shifts(1, 24, 12, 4))):
        with (HERE / f"{name}.csv").open("w", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows([head, *made])


if __name__ == "__main__":
    main()
