"""A study and the waves of the same file, laid together row by row before more of either leaves.

Unit means and a study read the same rows in two orders, and are two waves of the ledger. What they
tell together is the span of both, so a person's leverage is taken over all of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from .audit import MOST, Verdict, refused
from .candidate import BESIDE, Ints, Ledger
from .joint_span import LARGEST, JointSpan, Placed
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

    def about(self, column: str) -> "Told":
        """Return it with the statistics of a study that tell of a column, or of unknown ones."""
        mine = [i for i, c in enumerate(self.ledger.about) if {column, ""} & set(c.split(BESIDE))]
        known = self.ledger
        held = replace(known, weights=known.weights[mine], silent=known.silent[mine])
        return replace(self, ledger=held)


def joint(asked: Told, others: Sequence[Told]) -> Verdict:
    """Return whether all of it may be told, when `asked` is told beside the `others`.

    `asked` holds what is asked and what was released of its wave; the others are of the same file.
    Refused is what cannot be laid beside the others, because the rows have no place or moved since,
    or one of them is destroyed; a leverage of .5 or more of any row, or of any combination of the
    rows that a study counts to one person; and a study of which, beside the means, fewer than k
    people are left. Figures of different columns tell nothing together, so this is asked of each
    column of answers. Where no study is among them, no row is in two.
    """
    every = (asked, *others)
    if not any(t.reading.study for t in every):
        return Verdict(True, "")
    place = _laid(every)
    for i, other in enumerate(others, start=1):
        found = _known(every, place, i) if asked.reading.study or other.reading.study else None
        if found is not None:
            return found
    if place is None:
        return _unknown(asked)
    most = 0.0
    for column in _columns(every):
        told = [(p, t) for p, t in zip(place, every, strict=True) if _tells(t, column)]
        waves = ", ".join(t.wave for _, t in told if t is not asked)
        weighed = _weighed([(p, t.about(column) if t.reading.study else t) for p, t in told])
        if weighed is None:
            return refused(
                "so much was released of the same rows as {waves} that both cannot be weighed "
                "together in memory.",
                waves=waves,
            )
        share, few = weighed
        most = max(most, share)
        if not share < MOST - 1e-9:
            return refused(
                "with what was released of the same rows as {waves}, it would tell {share} % of "
                "one person's answers; less than half may be told.",
                waves=waves,
                share=round(100 * share),
            )
        if few:
            return refused(
                "beside what was released of the same rows as {waves}, fewer than {k} people stand "
                "behind it.",
                waves=waves,
                k=asked.ledger.k,
            )
    return Verdict(True, "", {"leverage": round(most, 3)})


def _known(every: Sequence[Told], place: list[Ints] | None, i: int) -> Verdict | None:
    """Return why the first cannot be laid beside the i-th."""
    asked, other = every[0], every[i]
    if other.reading.filtered(asked.reading):
        return None
    if other.ledger.closed:
        return refused(
            "wave {wave} holds rows of the same source, and its private ledger is destroyed; "
            "nothing more of them leaves.",
            wave=other.wave,
        )
    return None if place is not None and _seen(every, place, 0, i) else _unknown(other)


def _unknown(other: Told) -> Verdict:
    return refused(
        "wave {wave} was released of the same source, and which rows are the same cannot be told: "
        "a database gives them no place, or the file has changed since. Let one chain file ask for "
        "both, of one file, and put later waves into a file of their own.",
        wave=other.wave,
    )


def _columns(every: Sequence[Told]) -> list[str]:
    """Return the columns that studies tell of; "" where they tell of nothing else."""
    told = [c for t in every if t.reading.study for c in t.ledger.about]
    found = {c for one in told for c in one.split(BESIDE)}
    return sorted(found - {""}) or [""]


def _tells(told: Told, column: str) -> bool:
    """Return whether a study tells of a column, or a wave of any, unless it is known of which."""
    ledger = told.ledger
    if told.reading.study:
        return len(told.about(column).ledger.weights) > 0
    return not column or not ledger.columns or column in ledger.columns


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

    It is when both were read in one state; else when no row is in two waves, and every row that a
    study tells of is known to be in one.
    """
    if every[i].ledger.places.keys() & every[j].ledger.places.keys():
        return True
    waves = [(p, t) for p, t in zip(place, every, strict=True) if not t.reading.study]
    if not all(a.reading.apart(b.reading) for (_, a), (_, b) in combinations(waves, 2)):
        return False
    known = np.concatenate([p for p, _ in waves]) if waves else np.zeros(0, np.int64)
    studies = [k for k in (i, j) if every[k].reading.study]
    return all(np.isin(place[k][_weighs(every[k])], known).all() for k in studies)


def _weighs(told: Told) -> np.ndarray:
    """Return which rows carry any weight (N,)."""
    return np.asarray(told.ledger.weights.any(axis=0))


def _weighed(told: Sequence[tuple[Ints, Told]]) -> tuple[float, bool] | None:
    """Return the highest leverage, and whether too few people stand behind what studies add.

    None where the weights are more than are laid together at once.
    """
    held = [(Placed(p, t.ledger), t.reading.study) for p, t in told]
    studies = [h for h, study in held if study]
    waves = [h for h, study in held if not study]
    if not studies:
        return 0.0, False
    gone = np.unique(np.concatenate([s.silent for s in studies]))
    waves, studies = [w.without(gone) for w in waves], [s.without(gone) for s in studies]
    if JointSpan.size(waves, studies) > LARGEST:
        return None
    span = JointSpan.of(waves, studies)
    people = [span.of_people(s) for s in studies]
    k = max(h.ledger.k for h, _ in held)
    return max(float(span.rows.max(initial=0.0)), *people), bool(waves) and span.fewest < k
