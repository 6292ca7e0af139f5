"""The span of everything that several waves and the studies of their rows tell together."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .audit import MOST
from .candidate import Floats, Ints, Ledger
from .span import basis, centred, scaled, spanned


@dataclass(frozen=True, slots=True, eq=False)
class Placed:
    """What a ledger holds, and the number of each of its rows among all rows, `place` (N,)."""

    place: Ints
    ledger: Ledger


@dataclass(frozen=True, slots=True, eq=False)
class JointSpan:
    """An orthonormal basis over T rows: of atoms, of what each wave tells beside, and of studies.

    Waves have no row in common, so each keeps a basis of its own: `group` (T,) is the atom of a row
    or -1, `share` (T,) 1 / n of it, `wave` (T,) points into `waves` (R_w columns each), and `at`
    (T,) says which row of it that is. `studies` (T, R) is what is left of studies after all of it.
    """

    group: Ints
    share: Floats
    wave: Ints
    at: Ints
    waves: tuple[Floats, ...]
    studies: Floats

    @classmethod
    def of(cls, waves: Sequence[Placed], studies: Sequence[Placed]) -> "JointSpan":
        """Return the span; no row stands in two waves, and any row may stand in many studies."""
        count = 1 + max((int(p.place.max(initial=-1)) for p in (*waves, *studies)), default=-1)
        group, wave, at = (np.full(count, -1) for _ in range(3))
        share, rest, found = np.zeros(count), _stacked(studies, count), []
        for i, one in enumerate(waves):
            own, u = spanned(one.ledger)
            p, atom = one.place, one.ledger.atom
            left = rest[:, p]
            if atom is not None:
                group[p] = np.where(atom >= 0, atom + group.max(initial=-1) + 1, -1)
                left = centred(left, atom)
            rest[:, p] = left - (left @ u) @ u.T
            share[p], wave[p], at[p] = own, i, np.arange(len(p))
            found.append(u)
        return cls(group, share, wave, at, tuple(found), basis(rest))

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


def _stacked(studies: Sequence[Placed], count: int) -> Floats:
    """Return the statistics of all studies (R, T), each of length 1, over the rows of all."""
    rest = np.zeros((sum(len(s.ledger.weights) for s in studies), count))
    first = 0
    for s in studies:
        last = first + len(s.ledger.weights)
        rest[first:last, s.place] = scaled(s.ledger.weights)
        first = last
    return rest
