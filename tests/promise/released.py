"""What each design releases about the synthetic staff, as facts over (wave, person) unknowns."""

from itertools import combinations

import numpy as np
from attacker import Fact, mean
from staff import WAVES, paths

from anello.protect import atoms

SEED = bytes(range(32))
LOW, HIGH = [1] * 4, [5] * 4
ITEMS = ["workload", "colleagues", "pay", "leader"]


def cut(people, wave, seed=SEED, rows=None, **how):
    """Return the rows that were cut, and the cut of one wave."""
    rows = people.there(wave) if rows is None else rows
    made = atoms.cut(
        people.answers[wave][rows],
        people.unit[wave][rows],
        paths(),
        people.demographics[rows, 0],
        seed,
        wave=f"wave {wave}",
        items=ITEMS,
        low=LOW,
        high=HIGH,
        **how,
    )
    return rows, made


def members(people, wave, rows, made, cell, item):
    """Return the unknowns behind a cell: its people who answered the item."""
    c = made.atoms.cells
    inside = (made.atom >= c.first[cell]) & (made.atom <= c.last[cell])
    who = rows[inside]
    return who[~np.isnan(people.answers[wave][who, item])] + wave * people.answers.shape[1]


def cells(people, wave, item, rows, made):
    """Return the facts of a cut: every published cell, by somebody who knows who stands where."""
    c = made.atoms.cells
    facts = []
    for cell in np.flatnonzero(c.item == item):
        who = members(people, wave, rows, made, cell, item)
        total, n, code = float(c.total[cell]), int(c.n[cell]), int(c.code[cell])
        if code > 0:
            facts.append(Fact(who, 2 * total - 5 * n, 5.0 * n))
        elif code < 0:
            facts.append(Fact(who, 1.0 * n, 2 * total - n))
        else:
            facts.append(Fact(who, total, total))
    return facts


def views(people, wave, item, rows, made):
    """Return the facts of the pages: groups, regions, the organisation, another structure."""
    a, c = made.atoms, made.atoms.cells
    nodes = [(), *{g.home[:1] for g in a.groups if g.home}]
    figures = [(f, [g]) for g in range(len(a.groups)) for f in [atoms.regrouped(a, [g], "")[item]]]
    for node in nodes:
        inside = [i for i, g in enumerate(a.groups) if g.home[: len(node)] == node]
        figures.append((atoms.means(a, node)[item], inside))
    pair = list(range(0, len(a.groups), 2))
    figures.append((atoms.regrouped(a, pair, "new")[item], pair))
    facts = []
    for figure, groups in figures:
        if figure.mean is None or figure.code or figure.partly:
            continue
        at = np.flatnonzero((c.item == item) & np.isin(c.group, groups))
        who = np.concatenate([members(people, wave, rows, made, cell, item) for cell in at])
        facts.append(mean(who, figure.mean))
    return facts


def design(people, item, **how):
    """Return everything the design releases of one item over three waves."""
    facts = []
    for wave in range(WAVES):
        rows, made = cut(people, wave, **how)
        facts += cells(people, wave, item, rows, made) + views(people, wave, item, rows, made)
    return facts


def dashboard(people, item, least=5, digits=None):
    """Return what a dashboard with a plain floor shows: unit by any two of four filters.

    In each wave by the unit of then and by the unit of now, and the change of those who answered
    twice.
    """
    count = people.answers.shape[1]
    given = ~np.isnan(people.answers[:, :, item])
    facts = []
    now = people.unit[WAVES - 1]
    for wave in range(WAVES):
        for unit in (people.unit[wave], now):
            for who in _slices(people, unit, given[wave]):
                if len(who) >= least:
                    value = people.answers[wave][who, item].mean()
                    facts.append(mean(who + wave * count, value, digits))
    for wave in range(1, WAVES):
        for who in _slices(people, now, given[wave] & given[wave - 1]):
            if len(who) >= least:
                change = people.answers[wave][who, item] - people.answers[wave - 1][who, item]
                both = np.concatenate((who + wave * count, who + (wave - 1) * count))
                signs = np.repeat([1.0, -1.0], len(who))
                facts.append(Fact(both, float(change.sum()), float(change.sum()), signs))
    return facts


def _slices(people, unit, given):
    """Yield the people of every unit, and of the whole, under up to two filters at a time."""
    filters = [()] + [(d,) for d in range(4)] + list(combinations(range(4), 2))
    for filtered in filters:
        key = [people.demographics[:, d] for d in filtered]
        for place in (unit, np.where(unit >= 0, 0, -1)):
            who = np.flatnonzero(given & (place >= 0))
            cell = np.stack([place, *key], axis=1)[who]
            _, at = np.unique(cell, axis=0, return_inverse=True)
            at = at.ravel()
            for value in range(at.max() + 1):
                yield who[at == value]
