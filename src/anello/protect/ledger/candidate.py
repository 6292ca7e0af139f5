"""What asks to leave, and what is known of everything that left before."""

import hashlib
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from .reading import Reading

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
ATOMS, MODEL = "atoms", "model"
BESIDE = "\x1f"
SORTS = frozenset({"mean", "share", "coefficient", "contrast", "variance"})
"""What may be released of a model; anything else, such as residuals, is refused."""


def nothing() -> Floats:
    """Return weights of no statistic."""
    return np.zeros((0, 0))


def nobody() -> Bools:
    """Return the silent rows of no statistic."""
    return np.zeros((0, 0), bool)


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """Statistics of one wave that ask to leave, with their weights over pseudonymous rows.

    For `kind` "atoms": `atoms` is the fingerprint of the cut, `atom` (N,) the atom of each row (-1
    for none), and `unions` the rows behind each figure. For "model": `weights` (M, N), one row per
    statistic, and for a nonlinear fit the linearisation at the estimate; `members` (M,) the fewest
    people in the group that a contrast, dummy or random effect tells of, the sample for others.
    `sorts` (M,) says what each statistic is. `people` is a digest of the wave's answers as they
    stand at close, with a secret: every candidate of a wave carries the same, and a wave of another
    name cannot carry it. `columns` names the columns of answers behind the figures, the form in
    which they are told (an answer, a share of the top box ...), and a keyed digest of their
    content. `ways` lead from the top of the hierarchy to each unit as it was at the cut. `person`
    (N,) says whose row is whose where a person has many, as in a diary: then all rows of a person
    are counted together. `reading` says from where the answers were read, and `at` (N,) at which
    place of it each row stands; None where rows have no place, as in a database. `about` (M,)
    are the columns of which each statistic of a study tells, joined by `BESIDE`, and `silent` (M,
    N) marks the rows that have no answer in any of them. A model over
    several waves is one candidate per wave, handed to the gate together.
    """

    wave: str
    kind: str
    what: str
    people: str
    names: tuple[str, ...] = ()
    sorts: tuple[str, ...] = ()
    weights: Floats = field(default_factory=nothing)
    members: tuple[int, ...] = ()
    atoms: str = ""
    atom: Ints | None = None
    unions: tuple[Ints, ...] = ()
    columns: tuple[tuple[str, str, str], ...] = ()
    person: Ints | None = None
    ways: tuple[tuple[str, ...], ...] = ()
    reading: Reading | None = None
    at: Ints | None = None
    about: tuple[str, ...] = ()
    silent: Bools = field(default_factory=nobody)

    @property
    def digest(self) -> str:
        """Return SHA-256 over everything that is asked, as 64 hexadecimal signs."""
        told = repr(
            (self.wave, self.kind, self.what, self.people, self.names, self.sorts, self.members)
        )
        found = hashlib.sha256(told.encode())
        found.update(repr((self.atoms, self.weights.shape, self.columns)).encode())
        found.update(np.ascontiguousarray(self.weights, "<f8").tobytes())
        held = tuple(a for a in (self.atom, self.person) if a is not None)
        for rows in held + self.unions:
            found.update(repr(rows.shape).encode() + np.ascontiguousarray(rows, "<i8").tobytes())
        return found.hexdigest()


@dataclass(frozen=True, slots=True, eq=False)
class Ledger:
    """Everything released of one wave, as the audit needs it; `k` is the highest ever promised.

    `weights` (R, N) are the model statistics, `atom` (N,) the cut, or None before one. `closed`
    says that the private part is gone: then nothing more of the wave leaves. `columns` holds the
    form and the digest under which each column of answers was told first, in the order of telling;
    `ways` are those of the first cut, whatever became of the units since. `places` (N,) say where
    the rows stood in each state of what was read. `about` (R,) and `silent` (R, N) are those of the
    statistics.
    """

    wave: str
    k: int = 5
    people: str = ""
    atoms: str = ""
    atom: Ints | None = None
    weights: Floats = field(default_factory=nothing)
    closed: bool = False
    person: Ints | None = None
    columns: dict[str, tuple[str, str]] = field(default_factory=dict)
    ways: tuple[tuple[str, ...], ...] = ()
    places: dict[str, Ints] = field(default_factory=dict)
    about: tuple[str, ...] = ()
    silent: Bools = field(default_factory=nobody)
