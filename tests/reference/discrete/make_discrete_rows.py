"""The rows of the reference models, made by a rule: no data of others, the same on any machine.

    python tests/reference/discrete/make_discrete_rows.py FOLDER

A linear congruential generator (Park & Miller, 1988) and sums of twelve draws stand in for chance,
so that another language could repeat them to the last digit.
"""

import csv
import sys
from collections.abc import Iterator
from math import exp, floor
from pathlib import Path

COLUMNS = (
    "shop", "region", "team", "x", "late", "shift", "stays", "answer", "mood", "yes", "no", "n",
    "calls", "hours", "people",
)  # fmt: skip
SHIFTS = ("day", "evening", "night")
MOODS = ("bad", "fair", "good", "great")


def uniform(seed: int) -> Iterator[float]:
    """Yield numbers between 0 and 1."""
    while True:
        seed = seed * 16807 % 2147483647
        yield seed / 2147483647


def rows(seed: int = 20260, shops: int = 40, each: int = 15) -> Iterator[dict[str, object]]:
    """Yield `each` rows of every shop, about; shops lie in ten regions, teams cross them."""
    draw = uniform(seed)

    def normal() -> float:
        return sum(next(draw) for _ in range(12)) - 6

    team_effect = [0.5 * normal() for _ in range(7)]
    region_effect = [0.4 * normal() for _ in range(10)]
    for shop in range(shops):
        region = shop % 10
        level, slope = 0.8 * normal() + region_effect[region], 0.5 * normal()
        late = int(next(draw) < 0.5)
        for _ in range(each - shop % 4):
            team, shift = floor(7 * next(draw)), floor(3 * next(draw))
            x = round(floor(5 * next(draw)) - 2 + 0.0, 1)
            eta = -0.2 + level + team_effect[team] + (0.4 + slope) * x - 0.5 * late + 0.3 * shift
            n = 1 + floor(6 * next(draw))
            p = 1 / (1 + exp(-eta))
            yes = sum(next(draw) < p for _ in range(n))
            stays = int(next(draw) < p)
            hours = 1 + floor(8 * next(draw))
            calls = count(0.4 * hours * exp(0.4 * (eta - 0.3)), next(draw))
            heard = next(draw)
            mood = sum(heard > 1 / (1 + exp(eta - cut)) for cut in (-1.2, 0.1, 1.4))
            yield {
                "shop": f"s{shop:02d}", "region": f"r{region}", "team": f"t{team}", "x": x,
                "late": late, "shift": SHIFTS[shift], "stays": stays,
                "answer": "stays" if stays else "leaves", "mood": MOODS[mood], "yes": yes,
                "no": n - yes, "n": n, "calls": calls, "hours": hours,
                "people": 1 + floor(4 * next(draw)),
            }  # fmt: skip


def count(mean: float, u: float) -> int:
    """Return the Poisson count at which the distribution passes u."""
    k, share = 0, exp(-mean)
    below = share
    while below < u and k < 200:
        k += 1
        share *= mean / k
        below += share
    return k


def write(folder: Path) -> Path:
    """Write the rows as a CSV."""
    path = folder / "rows.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(rows())
    return path


if __name__ == "__main__":
    print(write(Path(sys.argv[1])))
