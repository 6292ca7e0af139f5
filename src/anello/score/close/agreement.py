"""What reliability and invariance tell of persons: the candidates that ask before they leave."""

from collections.abc import Sequence

import numpy as np

from anello.model.chain import Measure
from anello.model.invariance import FEWEST_ANSWERS
from anello.protect.ledger import MODEL, Candidate
from anello.score.invariance import asks
from anello.stats.moments import Floats

from .persons import Persons, columns_of

FLAT = 1e-12


def of_score(
    persons: Persons, m: Measure, used: np.ndarray, wave: str, people: str
) -> Candidate | None:
    """Return the candidate of SD and ICC of a measure in one wave; None when nothing varies.

    `used` (N,) marks the people of the units that were counted. The mean and what lies between
    units follow from what was told of the units. The variance inside them is a smooth function of
    the answers: near what was found it moves with the answers as the deviations of the score inside
    its unit do, so these are the weights.
    """
    x = persons.scores[m.key]
    there = used & np.isfinite(x)
    rows = {f"{m.key}: variance": _inside(x, there, persons)}
    return _candidate(f"{m.key}: reliability of the score", rows, int(there.sum()), wave, people)


def of_items(
    persons: Persons, m: Measure, used: np.ndarray, wave: str, people: str
) -> Candidate | None:
    """Return the candidate of alpha, omega and rWG over those who answered every item.

    Covariances of items move with the answers as the deviations of each item from its mean, and
    inside its unit, do. Where only a few skipped an item, these and the variance of the score
    would tell of those few; then the audit refuses. Who answered none of them has nothing that
    could be told, so a weight of theirs says nothing: they get that of their unit's mean, and the
    two rows of an item differ by whole units.
    """
    whole, silent = _answered(persons, m, used)
    rows = {}
    for c in columns_of([m]):
        around = _around(persons.answers[c], whole)
        inside = _inside(persons.answers[c], whole, persons)
        of_home = np.zeros(len(persons.homes))
        of_home[persons.home[whole]] = (around - inside)[whole]
        around[silent] = of_home[persons.home[silent]]
        rows[f"{m.key}: {c}"] = around
        rows[f"{m.key}: {c} inside units"] = inside
    return _candidate(f"{m.key}: reliability of the items", rows, int(whole.sum()), wave, people)


def of_means(
    persons: Persons, m: Measure, used: np.ndarray, wave: str, people: str
) -> Candidate | None:
    """Return the candidate of the means of items; None where invariance would not be asked.

    What is told of invariance moves with the answers as a sum of two parts: their deviations from
    the means, which `of_items` asks for, and the means themselves, whose weight is the same for
    all who answered every item. That is one row for all items. Where everybody in an atom did, or
    answered none, it is a sum of atoms and adds no leverage; where one or two left an item out, the
    row beside the atoms would tell of them, and the audit refuses.
    """
    whole, silent = _answered(persons, m, used)
    n = int(whole.sum())
    if not asks(m) or n < FEWEST_ANSWERS:
        return None
    rows = {f"{m.key}: means": (whole | silent).astype(float)}
    return _candidate(f"{m.key}: means of the items", rows, n, wave, people, "mean")


def _answered(persons: Persons, m: Measure, used: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return who of the used answered every item of a measure, and who none (N,)."""
    told = np.array([np.isfinite(persons.answers[c]) for c in columns_of([m])])
    return used & told.all(axis=0), used & ~told.any(axis=0)


def _candidate(
    what: str, rows: dict[str, Floats], n: int, wave: str, people: str, sort: str = "variance"
) -> Candidate | None:
    told = {name: row for name, row in rows.items() if np.abs(row).max(initial=0.0) > FLAT}
    if not told:
        return None
    return Candidate(
        wave,
        MODEL,
        what,
        people,
        tuple(told),
        (sort,) * len(told),
        np.array(list(told.values())),
        (n,) * len(told),
    )


def together(candidates: Sequence[Candidate]) -> Candidate:
    """Return several candidates of one wave as one, which is audited at once."""
    first = candidates[0]
    return Candidate(
        first.wave,
        MODEL,
        "; ".join(c.what for c in candidates),
        first.people,
        tuple(n for c in candidates for n in c.names),
        tuple(s for c in candidates for s in c.sorts),
        np.vstack([c.weights for c in candidates]),
        tuple(n for c in candidates for n in c.members),
    )


def _around(x: Floats, there: np.ndarray) -> Floats:
    found = np.zeros(len(x))
    if there.any():
        found[there] = x[there] - x[there].mean()
    return found


def _inside(x: Floats, there: np.ndarray, persons: Persons) -> Floats:
    found = np.zeros(len(x))
    home = persons.home[there]
    size = np.maximum(np.bincount(home, minlength=len(persons.homes)), 1)
    means = np.bincount(home, x[there], len(persons.homes)) / size
    found[there] = x[there] - means[home]
    return found
