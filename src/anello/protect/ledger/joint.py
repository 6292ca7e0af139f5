"""A study and the waves of the same file, laid together row by row before more of either leaves.

Unit means and a study read the same rows in two orders, and are two waves of the ledger. What they
tell together is the span of both, so a person's leverage is taken over all of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from .audit import MOST, Verdict, refused
from .candidate import Ints, Ledger
from .joint_span import JointSpan, Placed
from .reading import Reading


@dataclass(frozen=True, slots=True, eq=False)
class Told:
    """Everything released of one wave, or by studies under one name, and how its rows were read."""

    reading: Reading
    ledger: Ledger

    @property
    def wave(self) -> str:
        """Return the name under which the ledger knows it."""
        return self.ledger.wave

    @property
    def count(self) -> int:
        """Return the number of rows."""
        atom = self.ledger.atom
        return self.ledger.weights.shape[1] if atom is None else len(atom)


def joint(asked: Told, others: Sequence[Told]) -> Verdict:
    """Return whether all of it may be told, when `asked` is told beside the `others`.

    `asked` holds what is asked and what was released of its wave; the others are of the same place.
    Refused is what cannot be laid beside the others, because the rows have no place or moved since,
    or one of them is destroyed; and a leverage of .5 or more of any row, or of any combination of
    the rows that a study counts to one person. Where no study is among them, no row is in two.
    """
    if not any(t.reading.study for t in (asked, *others)):
        return Verdict(True, "")
    beside = [t for t in others if not t.reading.filtered(asked.reading)]
    every = (asked, *beside)
    place = _laid(every)
    for i, other in enumerate(beside, start=1):
        if not (asked.reading.study or other.reading.study):
            continue
        if other.ledger.closed:
            return refused(
                "wave {wave} holds rows of the same source, and its private ledger is destroyed; "
                "nothing more of them leaves.",
                wave=other.wave,
            )
        if place is None or not _seen(every, place, 0, i):
            return refused(
                "wave {wave} was released of the same source, and which rows are the same cannot "
                "be told: a database gives them no place, or the file has changed since. Let one "
                "chain file ask for both, of one file.",
                wave=other.wave,
            )
    most = 0.0 if place is None else _most(every, place)
    if not most < MOST - 1e-9:
        return refused(
            "with what was released of the same rows as {waves}, it would tell {share} % of "
            "one person's answers; less than half may be told.",
            waves=", ".join(t.wave for t in beside),
            share=round(100 * most),
        )
    return Verdict(True, "", {"leverage": round(most, 3)})


def _laid(every: Sequence[Told]) -> list[Ints] | None:
    """Return the number of each row, the same in all where it is the same; None if two fall on one.

    Rows are the same that stood at the same place in a state that both were read in.
    """
    starts = np.cumsum([0, *(t.count for t in every)])
    total = int(starts[-1])
    pairs: list[Ints] = []
    for state in {s for t in every for s in t.ledger.places}:
        held = [i for i, t in enumerate(every) if state in t.ledger.places]
        if any(len(every[i].ledger.places[state]) != every[i].count for i in held):
            return None
        at = np.concatenate([every[i].ledger.places[state] for i in held])
        row = np.concatenate([np.arange(starts[i], starts[i + 1]) for i in held])
        by = np.argsort(at, kind="stable")
        same = np.flatnonzero(np.diff(at[by]) == 0)
        pairs.append(np.array([row[by[same]], row[by[same + 1]]]))
    one, two = np.hstack(pairs) if pairs else np.zeros((2, 0), np.int64)
    graph = coo_array((np.ones(len(one), bool), (one, two)), shape=(total, total))
    number = connected_components(graph, directed=False)[1].astype(np.int64)
    found = np.split(number, starts[1:-1])
    return found if all(len(np.unique(f)) == len(f) for f in found) else None


def _seen(every: Sequence[Told], place: Sequence[Ints], i: int, j: int) -> bool:
    """Return whether it is known which rows two of them share.

    It is when both were read in one state; else when every row that a study tells of is known to be
    in a wave, for no row is in two waves.
    """
    if every[i].ledger.places.keys() & every[j].ledger.places.keys():
        return True
    waves = [p for p, t in zip(place, every, strict=True) if not t.reading.study]
    known = np.concatenate(waves) if waves else np.zeros(0, np.int64)
    studies = [k for k in (i, j) if every[k].reading.study]
    return all(np.isin(place[k][_weighs(every[k])], known).all() for k in studies)


def _weighs(told: Told) -> np.ndarray:
    """Return which rows carry any weight (N,)."""
    return np.asarray(told.ledger.weights.any(axis=0))


def _most(every: Sequence[Told], place: Sequence[Ints]) -> float:
    """Return the highest leverage of a row, or of a combination of one person's rows."""
    held = [Placed(p, t.ledger) for p, t in zip(place, every, strict=True)]
    studies = [h for h, t in zip(held, every, strict=True) if t.reading.study]
    span = JointSpan.of([h for h in held if h not in studies], studies)
    people = [span.of_people(s) for s in studies]
    return max((float(span.rows.max(initial=0.0)), *people))
