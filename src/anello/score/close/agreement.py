"""What reliability tells of persons: the candidates that ask for it before it leaves."""

from collections.abc import Sequence

import numpy as np

from anello.model.chain import Measure
from anello.protect.ledger import MODEL, Candidate
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
    return _candidate(m, "score", rows, int(there.sum()), wave, people)


def of_items(
    persons: Persons, m: Measure, used: np.ndarray, wave: str, people: str
) -> Candidate | None:
    """Return the candidate of alpha, omega and rWG over those who answered every item.

    Covariances of items move with the answers as the deviations of each item from its mean, and
    inside its unit, do. Where only a few skipped an item, these and the variance of the score
    would tell of those few; then the audit refuses.
    """
    columns = columns_of([m])
    whole = used & np.all([np.isfinite(persons.answers[c]) for c in columns], axis=0)
    rows = {}
    for c in columns:
        rows[f"{m.key}: {c}"] = _around(persons.answers[c], whole)
        rows[f"{m.key}: {c} inside units"] = _inside(persons.answers[c], whole, persons)
    return _candidate(m, "items", rows, int(whole.sum()), wave, people)


def _candidate(
    m: Measure, what: str, rows: dict[str, Floats], n: int, wave: str, people: str
) -> Candidate | None:
    told = {name: row for name, row in rows.items() if np.abs(row).max(initial=0.0) > FLAT}
    if not told:
        return None
    return Candidate(
        wave,
        MODEL,
        f"{m.key}: reliability of the {what}",
        people,
        tuple(told),
        ("variance",) * len(told),
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
