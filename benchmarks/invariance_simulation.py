"""How often a changed question is found, and how often one is seen where nothing changed.

python benchmarks/invariance_simulation.py --runs 200

Three waves of 100, 300 or 1,000 people answer 3 or 5 questions with ticks from 1 to 5: one factor,
loadings .8, slips .7 (alpha about .8), and a mood that rises by .3 from wave to wave, which is no
change of the questions. In the third wave one question is left alone, is answered .4 ticks higher
by everybody, or loses most of its loading (.8 to .3). With `same` the same people answer in all
waves, two thirds of their mood being their own; the model takes waves for different people.

Printed: per cent of runs that come to each level. Means are compared only at `scalar`, so what is
wrong in the first line of each size is everything but `scalar`, in the others `scalar`.
"""

import argparse
from collections import Counter

import numpy as np

from anello.model.invariance import Alike
from anello.score.invariance import compared
from anello.stats.sem.likelihood.single import GroupSums, group_sums

WAVES, PEOPLE, ITEMS = 3, (100, 300, 1000), (3, 5)
LOADING, SLIP, RISE = 0.8, 0.7, 0.3
CHANGES = {"nothing": (0.0, 0.0), "intercept": (0.4, 0.0), "loading": (0.0, -0.5)}
OWN = 2 / 3


def waves(
    rng: np.random.Generator, people: int, items: int, change: str, same: bool = False
) -> dict[str, GroupSums]:
    """Return the sums of each wave; the change is one of the last question in the last wave."""
    higher, weaker = CHANGES[change]
    lasting = np.sqrt(OWN) * rng.standard_normal(people)
    found = {}
    for wave in range(WAVES):
        last = wave == WAVES - 1
        mood = rng.standard_normal(people)
        if same:
            mood = lasting + np.sqrt(1 - OWN) * mood
        loadings, higher_by = np.full(items, LOADING), np.zeros(items)
        loadings[-1] += weaker * last
        higher_by[-1] = higher * last
        felt = 3 + higher_by + np.outer(mood + RISE * wave, loadings)
        ticks = np.clip(np.round(felt + SLIP * rng.standard_normal((people, items))), 1, 5)
        found[str(wave)] = group_sums(tuple(f"x{i}" for i in range(1, items + 1)), ticks)
    return found


def levels(
    runs: int, people: int, items: int, change: str, same: bool = False, seed: int = 1
) -> Counter[Alike]:
    """Return how many runs came to each level."""
    rng = np.random.default_rng([seed, people, items, list(CHANGES).index(change), same])
    drawn = (waves(rng, people, items, change, same) for _ in range(runs))
    return Counter(compared("m", "waves", groups).level for groups in drawn)


def main() -> None:
    """Draw, fit and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=200)
    asked = parser.parse_args()
    print("| people a wave | questions | changed | scalar | metric | configural | none |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    cases = [(c, False) for c in CHANGES] + [("nothing", True)]
    for people in PEOPLE:
        for items in ITEMS:
            for change, same in cases:
                found = levels(asked.runs, people, items, change, same)
                shares = " | ".join(f"{100 * found[a] / asked.runs:.0f} %" for a in Alike)
                name = f"{change}, same people" if same else change
                print(f"| {people:,} | {items} | {name} | {shares} |", flush=True)


if __name__ == "__main__":
    main()
