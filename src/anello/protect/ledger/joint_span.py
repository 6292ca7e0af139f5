"""The span of everything that several waves and the studies of their rows tell together."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from .audit import MOST
from .candidate import Floats, Ints, Ledger
from .span import basis, centred, scaled, spanned

LARGEST = 100_000_000
"""The most weights that are laid together at once: statistics x rows."""
LEFT = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Placed:
    """What a ledger holds, and the number of each of its rows among all rows, `place` (N,)."""

    place: Ints
    ledger: Ledger

    @property
    def groups(self) -> int:
        """Return the number of atoms."""
        return 0 if self.ledger.atom is None else int(self.ledger.atom.max(initial=-1)) + 1

    @property
    def silent(self) -> Ints:
        """Return the rows without an answer, by any of its statistics."""
        return self.place[self.ledger.silent.any(axis=0)]

    def without(self, silent: Ints) -> "Placed":
        """Return it without the silent rows, which are in no sum of that column.

        An atom of which fewer than k are left has no figure: it is told with its neighbour.
        """
        ledger = self.ledger
        heard = ~np.isin(self.place, silent)
        if heard.all():
            return self
        weights = ledger.weights[:, heard] if len(ledger.weights) else ledger.weights
        if len(weights):
            weights = weights[np.abs(weights).max(axis=1, initial=0.0) > 0]
        atom = None if ledger.atom is None else _joined(ledger.atom[heard], ledger.k)
        person = None if ledger.person is None else ledger.person[heard]
        left = replace(ledger, weights=weights, atom=atom, person=person)
        return Placed(self.place[heard], left)


@dataclass(frozen=True, slots=True, eq=False)
class JointSpan:
    """An orthonormal basis over T rows: of atoms, of what each wave tells beside, and of studies.

    Waves without a row in common each keep a basis of their own: `group` (T,) is the atom of a row
    or -1, `share` (T,) 1 / n of it, `wave` (T,) points into `waves` (R_w columns each), and `at`
    (T,) says which row of it that is. `studies` (T, R) is what is left of studies after all of it,
    and of waves that hold rows of another one. On each side of what the atoms leave of a statistic
    of a study stand `fewest` people or more.
    """

    group: Ints
    share: Floats
    wave: Ints
    at: Ints
    waves: tuple[Floats, ...]
    studies: Floats
    fewest: int

    @classmethod
    def of(cls, waves: Sequence[Placed], studies: Sequence[Placed]) -> "JointSpan":
        """Return the span; any row may stand in many studies."""
        count = _rows(waves, studies)
        group, wave, at = (np.full(count, -1) for _ in range(3))
        apart, shared = _apart(waves, count)
        share, rest, found = np.zeros(count), _stacked((*studies, *map(_dense, shared)), count), []
        first = sum(len(s.ledger.weights) for s in studies)
        beside = rest[:first].copy()
        for i, one in enumerate(apart):
            own, u = spanned(one.ledger)
            p, atom = one.place, one.ledger.atom
            left = rest[:, p]
            if atom is not None:
                group[p] = np.where(atom >= 0, atom + group.max(initial=-1) + 1, -1)
                left = centred(left, atom)
                beside[:, p] = left[:first]
            rest[:, p] = left - (left @ u) @ u.T
            share[p], wave[p], at[p] = own, i, np.arange(len(p))
            found.append(u)
        few = _fewest(studies, beside)
        return cls(group, share, wave, at, tuple(found), basis(rest), few)

    @staticmethod
    def size(waves: Sequence[Placed], studies: Sequence[Placed]) -> int:
        """Return how many weights would be laid together."""
        count = _rows(waves, studies)
        shared = _apart(waves, count)[1]
        rows = sum(len(s.ledger.weights) for s in (*studies, *shared))
        return count * (rows + sum(s.groups for s in shared))

    @property
    def rows(self) -> Floats:
        """Return the leverage of each row (T,): the diagonal of the projection on the span."""
        told = self.share + (self.studies**2).sum(axis=1)
        for i, u in enumerate(self.waves):
            told[self.wave == i] += (u[self.at[self.wave == i]] ** 2).sum(axis=1)
        return np.asarray(told, np.float64)

    def of_people(self, study: Placed) -> float:
        """Return the most that is told of any combination of one person's rows in a study.

        It is the largest eigenvalue of the person's block of the projection: at least the leverage
        of each row, at most their sum. 0 stands for less than would be refused.
        """
        if study.ledger.person is None:
            return 0.0
        person = study.ledger.person
        sums = np.bincount(person, self.rows[study.place])
        by = np.argsort(person, kind="stable")
        ends = np.cumsum(np.bincount(person))
        blocks = np.split(study.place[by], ends[:-1])
        return max((self._block(blocks[i]) for i in np.flatnonzero(sums >= MOST)), default=0.0)

    def _block(self, rows: Ints) -> float:
        """Return the largest eigenvalue of the block of some rows."""
        group = self.group[rows]
        same = (group[:, None] == group) & (group >= 0)
        told = np.where(same, self.share[rows], 0.0) + self.studies[rows] @ self.studies[rows].T
        for i in np.unique(self.wave[rows][self.wave[rows] >= 0]):
            here = np.flatnonzero(self.wave[rows] == i)
            u = self.waves[i][self.at[rows[here]]]
            told[np.ix_(here, here)] += u @ u.T
        return float(np.linalg.eigvalsh(told)[-1])


def _joined(atom: Ints, k: int) -> Ints:
    """Return atoms of which none has fewer than k rows, unless all have.

    A small one joins the one before it that is large enough, the first ones join the next.
    """
    size = np.bincount(atom[atom >= 0])
    enough = np.flatnonzero(size >= k)
    if not len(enough):
        return np.where(atom >= 0, 0, -1)
    before = np.maximum(np.searchsorted(enough, np.arange(len(size)), side="right") - 1, 0)
    return np.where(atom >= 0, enough[before][atom], -1)


def _rows(waves: Sequence[Placed], studies: Sequence[Placed]) -> int:
    return 1 + max((int(p.place.max(initial=-1)) for p in (*waves, *studies)), default=-1)


def _apart(waves: Sequence[Placed], count: int) -> tuple[list[Placed], list[Placed]]:
    """Return the waves without a row in common, and those that hold rows of one of them."""
    taken = np.zeros(count, bool)
    apart: list[Placed] = []
    shared: list[Placed] = []
    for one in waves:
        (shared if taken[one.place].any() else apart).append(one)
        taken[one.place] |= one is apart[-1]
    return apart, shared


def _dense(one: Placed) -> Placed:
    """Return a wave with its atoms as statistics."""
    ledger = one.ledger
    if ledger.atom is None:
        return one
    sums = (ledger.atom == np.arange(one.groups)[:, None]).astype(float)
    weights = np.vstack((sums, ledger.weights)) if len(ledger.weights) else sums
    return replace(one, ledger=replace(ledger, atom=None, weights=weights))


def _stacked(parts: Sequence[Placed], count: int) -> Floats:
    """Return the statistics of all parts (R, T), each of length 1, over the rows of all."""
    rest = np.zeros((sum(len(s.ledger.weights) for s in parts), count))
    first = 0
    for s in parts:
        last = first + len(s.ledger.weights)
        if last > first:
            rest[first:last, s.place] = scaled(s.ledger.weights)
        first = last
    return rest


def _fewest(studies: Sequence[Placed], left: Floats) -> int:
    """Return the fewest people with any weight on one side of what atoms leave of a statistic."""
    found, first = [], 0
    for s in studies:
        known = s.ledger.person
        person = np.arange(left.shape[1])
        if known is not None:
            person[s.place] = left.shape[1] + known
        for row in left[first : first + len(s.ledger.weights)]:
            sides = [np.unique(person[side > LEFT]).size for side in (row, -row)]
            found += [n for n in sides if n]
        first += len(s.ledger.weights)
    return min(found, default=1 << 31)
