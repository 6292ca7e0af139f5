"""How a cut and a fitted model come before the gate."""

import hashlib
import hmac
from collections.abc import Sequence

import numpy as np

from anello.protect.atoms import Cut

from .candidate import ATOMS, MODEL, Candidate, Floats


def people_of(answers: Floats, seed: bytes) -> str:
    """Return the digest that names the answers of a wave, as they stand at close.

    Keyed with the secret seed, so that nobody can try out answers against it. The name of the wave
    is no part of it: the same answers under another name have the same digest.
    """
    told = np.ascontiguousarray(np.nan_to_num(answers, nan=-1.0), "<f8")
    found = hmac.new(seed, repr(told.shape).encode(), hashlib.sha256)
    found.update(told.tobytes())
    return found.hexdigest()


def of_cut(cut: Cut, people: str, what: str) -> Candidate:
    """Return the candidate by which a cut is entered, before any figure of it leaves."""
    atoms = cut.atoms
    return Candidate(
        atoms.wave, ATOMS, what, people, atoms=atoms.fingerprint, atom=cut.atom.astype(np.int64)
    )


def of_fit(
    wave: str,
    people: str,
    what: str,
    x: Floats,
    names: Sequence[str],
    rows: np.ndarray,
    count: int,
    weighted: Floats | None = None,
) -> Candidate:
    """Return the candidate of the coefficients of a linear, or linearised, fit.

    `x` (n, p) is the design of the `rows` (n,) that were used, out of the `count` rows of the wave.
    The coefficients are (A'X)^-1 A'y with A = `weighted` = V^-1 X, or X itself for least squares;
    for a nonlinear fit X and V stand for their values at the estimate, and y for the working
    response. Behind a column that splits people in two stand those on its smaller side.

    >>> x = np.column_stack((np.ones(12), np.arange(12) < 6))
    >>> of_fit("w", "p", "pay", x, ["all", "day shift"], np.arange(12), 12).members
    (12, 6)
    """
    a = x if weighted is None else weighted
    used = np.linalg.pinv(a.T @ x) @ a.T
    weights = np.zeros((len(used), count))
    weights[:, rows] = used
    members = tuple(_members(x[:, j]) for j in range(x.shape[1]))
    sorts = ("coefficient",) * len(used)
    return Candidate(wave, MODEL, what, people, tuple(names), sorts, weights, members)


def _members(column: Floats) -> int:
    """Return the smaller of those who share a column's commonest value and those who do not.

    A column in which hardly a value comes twice sets nobody apart.
    """
    _, counts = np.unique(column, return_counts=True)
    most, n = int(counts.max()), len(column)
    if len(counts) == 1 or len(counts) > n / 2:
        return n
    return min(most, n - most) if len(counts) == 2 else n - most
