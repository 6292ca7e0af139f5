"""Rows for the comparison with lme4, made by whole-number arithmetic: the same on every machine.

python several_rows.py FOLDER     writes one CSV file for each set, which several.R reads
"""

import csv
import sys
from collections.abc import Iterator
from pathlib import Path

Rows = list[dict[str, object]]


class Chance:
    """Park and Miller's minimal standard generator (1988); normals are sums of twelve uniforms."""

    def __init__(self, seed: int) -> None:
        self.state = seed

    def uniform(self) -> float:
        self.state = self.state * 16807 % 2147483647
        return self.state / 2147483647

    def normal(self, sd: float = 1.0) -> float:
        return sd * round(sum(self.uniform() for _ in range(12)) - 6, 4)

    def below(self, n: int) -> int:
        return int(self.uniform() * n)

    def normals(self, n: int, sd: float = 1.0) -> list[float]:
        return [self.normal(sd) for _ in range(n)]


def schools() -> Rows:
    """Pupils in classes in schools, 1 to 9 pupils and 1 to 6 classes; names of classes repeat."""
    c, rows = Chance(20260101), []
    for s in range(18):
        school, slope = c.normal(0.8), c.normal(0.3)
        for k in range(1 + c.below(6)):
            room, room_slope = c.normal(0.6), c.normal(0.2)
            kind = "abc"[c.below(3)]
            for _ in range(1 + c.below(9)):
                x, z = c.normal(), 10 + c.below(30)
                y = 5 + school + room + (0.5 + slope + room_slope) * x + 0.4 * (kind == "b")
                y += 0.02 * z + c.normal(0.9)
                rows.append(
                    {"school": f"s{s:02d}", "class": f"c{k}", "kind": kind, "x": round(x, 4),
                     "z": z, "score": round(y, 4), "w": 1 + c.below(5)}
                )  # fmt: skip
    return rows


def plates() -> Rows:
    """One reading for each of 20 plates and 7 samples: fully crossed, one row in a cell."""
    c = Chance(20260202)
    plate, sample = c.normals(20, 0.8), c.normals(7, 1.9)
    return [
        {"plate": f"p{i:02d}", "sample": "ABCDEFG"[j],
         "zone": round(23 + plate[i] + sample[j] + c.normal(0.55), 3)}
        for i in range(20) for j in range(7)
    ]  # fmt: skip


def ratings() -> Rows:
    """Ratings of teachers by students in departments: partly crossed, whole numbers."""
    c, rows = Chance(20260303), []
    student, teacher, department = c.normals(70, 0.4), c.normals(30, 0.6), c.normals(6, 0.3)
    home = [c.below(6) for _ in range(30)]
    for s in range(70):
        for _ in range(2 + c.below(9)):
            t = c.below(30)
            d = home[t] if c.uniform() < 0.7 else c.below(6)
            age, service = 2 * (1 + c.below(4)), c.below(2)
            y = 3.3 + student[s] + teacher[t] + department[d] - 0.2 * service + 0.03 * age
            value = min(5, max(1, round(y + c.normal(1.1))))
            rows.append(
                {"student": s, "teacher": t, "department": f"d{d}", "age": age,
                 "service": service, "rating": value, "w": round(0.2 + 3 * c.uniform(), 3)}
            )  # fmt: skip
    return rows


def sides() -> Rows:
    """Two sides of 10 dogs over days, a curve in time: slopes of dogs, levels of sides."""
    c, rows = Chance(20260404), []
    for d in range(10):
        level, slope = c.normal(25), c.normal(1.6)
        for side in "LR":
            own = c.normal(15)
            for day in (0, 1, 2, 4, 6, 8, 10, 14, 21)[: 4 + c.below(6)]:
                y = 1070 + level + own + (6 + slope) * day - 0.36 * day * day + c.normal(9)
                rows.append({"dog": d, "side": side, "day": day, "pixel": round(y, 2)})
    return rows


def shops() -> Rows:
    """Forty shops of 1 to 50 people; some mood is missing."""
    c, rows = Chance(20260505), []
    for s in range(40):
        level, slope, size = c.normal(0.7), c.normal(0.25), 1 + (s * s * 7) % 50
        for _ in range(size):
            mood, hours = c.normal(), 20 + c.below(25)
            y = 3 + level + (0.3 + slope) * mood + 0.01 * hours + c.normal(1.2)
            mood_seen: object = round(mood, 3) if c.uniform() > 0.03 else ""
            rows.append(
                {"shop": s, "region": "nsw"[s % 3], "mood": mood_seen, "hours": hours,
                 "open": "TRUE" if c.uniform() < 0.4 else "FALSE", "smile": round(y, 3),
                 "answers": 1 + c.below(20)}
            )  # fmt: skip
    return rows


def few() -> Rows:
    """Six groups of 1 to 50 rows, no slope variance; an offset of a million; a scale of 1e-6."""
    c, rows = Chance(20260606), []
    for g, size in enumerate((1, 4, 9, 16, 33, 50)):
        level = c.normal(0.5)
        for _ in range(size):
            x = c.normal()
            y = 2 + level + 0.4 * x + c.normal()
            rows.append(
                {"unit": g, "rater": c.below(5), "x": round(x, 4), "far": round(1e6 + x, 4),
                 "y": round(y, 4), "high": round(1e6 + y, 4), "tiny": f"{y * 1e-6:.10e}"}
            )  # fmt: skip
    return rows


SETS = {f.__name__: f for f in (schools, plates, ratings, sides, shops, few)}


def write(name: str, folder: Path) -> Path:
    """Write one set as CSV and return its path."""
    rows = SETS[name]()
    path = folder / f"{name}.csv"
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def written(folder: Path) -> Iterator[Path]:
    """Write every set."""
    yield from (write(name, folder) for name in SETS)


if __name__ == "__main__":
    for where in written(Path(sys.argv[1])):
        print(where)
