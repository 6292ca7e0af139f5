"""The span of everything released of a wave, and how much of it is one person's."""

import numpy as np

from .candidate import Floats, Ints, Ledger

NOISE = 1e-12


def leverage(ledger: Ledger) -> Floats:
    """Return each person's leverage on the span of atoms and statistics, all rows of one together.

    The span of the atoms gives 1 / n of the atom; statistics add what is left of them after the
    means of atoms are taken out, as an orthonormal basis U: h_i = 1 / n_a(i) + sum_j U_ij^2.

    >>> weights = np.array([[1.0, 1, 1, 1], [0, 0, 0, 1]])
    >>> leverage(Ledger("w", weights=weights)).round(3).tolist()
    [0.333, 0.333, 0.333, 1.0]
    """
    told = _of_rows(ledger)
    if ledger.person is None:
        return told
    return np.asarray(np.bincount(ledger.person, told), np.float64)


def _of_rows(ledger: Ledger) -> Floats:
    base, u = spanned(ledger)
    return np.asarray(base + (u**2).sum(axis=1), np.float64)


def spanned(ledger: Ledger) -> tuple[Floats, Floats]:
    """Return what each row has in the span of the atoms, 1 / n of its own, and the rest of all.

    The rest (N, R) is an orthonormal basis of the statistics beside the atoms.
    """
    count = ledger.weights.shape[1] if ledger.atom is None else len(ledger.atom)
    base = np.zeros(count)
    if ledger.atom is not None:
        inside = ledger.atom >= 0
        base[inside] = 1.0 / np.bincount(ledger.atom[inside])[ledger.atom[inside]]
    if not len(ledger.weights) or not count:
        return base, np.zeros((count, 0))
    rest = scaled(ledger.weights)
    if ledger.atom is not None:
        rest = centred(rest, ledger.atom)
    return base, basis(rest)


def scaled(weights: Floats) -> Floats:
    """Return statistics (R, N) of length 1."""
    return np.asarray(weights / np.linalg.norm(weights, axis=1, keepdims=True), np.float64)


def basis(rest: Floats) -> Floats:
    """Return an orthonormal basis (N, <= R) of what R statistics of length 1 have left."""
    u, s, _ = np.linalg.svd(rest.T, full_matrices=False)
    return np.asarray(u[:, s > NOISE], np.float64)


def centred(rest: Floats, atom: Ints) -> Floats:
    """Return statistics (R, N) without the means of their atoms, in place."""
    inside = atom >= 0
    at = atom[inside]
    size = np.maximum(np.bincount(at), 1)
    for row in rest:
        row[inside] -= (np.bincount(at, row[inside], len(size)) / size)[at]
    return rest
