"""What the protection costs: how far the released figures are from the true ones.

python tests/promise/utility.py
"""

import numpy as np
from attacker import attack
from released import ITEMS, cut, dashboard, design
from staff import WAVES, staff

from anello.protect import atoms


def utility(seed: int) -> dict[str, float]:
    """Return mean absolute errors of unit means, cells and change, and the rank correlation.

    Units are those told alone; a cell is a unit by the demographic the atoms are ordered by, with
    at least five people; change is between neighbouring waves.
    """
    people = staff(seed)
    unit, cell, change, ranks = [], [], [], []
    before: dict[tuple[str, int], tuple[float, float]] = {}
    for wave in range(WAVES):
        rows, made = cut(people, wave)
        answers, a = people.answers[wave][rows], made.atoms
        now = {}
        for item in range(len(ITEMS)):
            told, true = [], []
            for place, group in enumerate(a.groups):
                figure = atoms.regrouped(a, [place], group.label)[item]
                mine = np.isin(made.atom, np.flatnonzero(a.group == place))
                truth = float(np.nanmean(answers[mine, item]))
                if figure.mean is None or group.together:
                    continue
                told.append(figure.mean)
                true.append(truth)
                now[group.label, item] = (figure.mean, truth)
                split = atoms.estimates(made, item, people.demographics[rows, 0], 2)[place]
                for value in range(2):
                    who = mine & (people.demographics[rows, 0] == value)
                    known = answers[who, item][~np.isnan(answers[who, item])]
                    if len(known) >= 5 and np.isfinite(split[value]):
                        cell.append(abs(split[value] - known.mean()))
            unit += [abs(x - y) for x, y in zip(told, true, strict=True)]
            ranks.append(
                np.corrcoef(np.argsort(np.argsort(told)), np.argsort(np.argsort(true)))[0, 1]
            )
        both = now.keys() & before.keys()
        moved = [(now[k][0] - before[k][0], now[k][1] - before[k][1]) for k in both]
        change += [abs(told - true) for told, true in moved]
        before = now
    found = {"unit mean": unit, "unit by demographic": cell, "change": change, "rank order": ranks}
    return {name: float(np.mean(values)) for name, values in found.items()}


def rank_correlation(one: list[float], other: list[float]) -> float:
    ranks = [np.argsort(np.argsort(v)) for v in (one, other)]
    return float(np.corrcoef(*ranks)[0, 1])


def leaks(seed: int) -> dict[str, float]:
    """Return shares (%) of answers that are certain, or whose side is, to who knows the staff."""
    people = staff(seed)
    given = [int((~np.isnan(people.answers[:, :, i])).sum()) for i in range(len(ITEMS))]
    unknowns = WAVES * people.answers.shape[1]
    ours = [attack(design(people, i), unknowns) for i in range(len(ITEMS))]
    open_ends = attack(design(people, 1, guard=False), unknowns)
    plain = {n: attack(dashboard(people, 0, n), unknowns, bounds=False) for n in (5, 10)}
    return {
        "atoms: certain": 100 * sum(len(f.exact) for f in ours) / sum(given),
        "atoms: side": 100 * sum(len(f.sign) for f in ours) / sum(given),
        "n >= 5: certain": 100 * len(plain[5].exact) / given[0],
        "n >= 10: certain": 100 * len(plain[10].exact) / given[0],
        "no end-guard: side": 100 * len(open_ends.sign) / given[1],
    }


def main() -> None:
    """Print both tables for three seeds."""
    for table in (leaks, utility):
        found = [table(seed) for seed in (1, 2, 3)]
        for name in found[0]:
            print(f"{name:<20}", *(f"{t[name]:7.3f}" for t in found))


if __name__ == "__main__":
    main()
