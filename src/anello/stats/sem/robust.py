"""Errors and tests that do not lean on normal data.

`MLM` (Satorra & Bentler, 1994): errors and test from the fourth moments, with expected
information. `MLR`: sandwich errors with observed information (Huber, White), and the test of Yuan
& Bentler (2000) as Mplus computes it. With clusters the sandwich is summed by cluster.
"""

from dataclasses import replace

import numpy as np

from .likelihood.cells import Cells, scores
from .likelihood.matrices import Floats, Implied, Structure
from .likelihood.sample import Sample


def meat(sample: Sample, structure: Structure, theta: Floats, *, centred: bool = False) -> Floats:
    """Return the sum over units of s s', with s the unit's derivative of log L (k).

    `centred` takes rows about their own group's mean and subtracts the mean score, as the fourth
    moments of MLM do.
    """
    implied = structure.implied(theta)
    jacobian = structure.jacobian(implied)
    total = np.zeros((structure.k, structure.k))
    for group, units in enumerate(sample.units or ()):
        mine = np.zeros((structure.k, structure.k))
        middle, count = np.zeros(structure.k), 0
        for cells in units():
            moved = tuple(_moved(c, sample, group, implied) for c in cells) if centred else cells
            s = scores(moved, implied, jacobian)
            mine += s.T @ s
            middle += s.sum(0)
            count += len(s)
        total += mine - (np.outer(middle, middle) / count if centred and count else 0.0)
    return total


def _moved(cells: Cells, sample: Sample, group: int, implied: list[Implied]) -> Cells:
    """Return cells in which the means of the data stand where the model's are."""
    if not cells.located:
        return cells
    shift = implied[group].mu - sample.rough[group].mean
    return replace(cells, mean=cells.mean + shift)


def sandwich(bread: Floats, filling: Floats) -> Floats:
    """Return bread filling bread."""
    return np.asarray(bread @ filling @ bread)


def trace(bread: Floats, filling: Floats) -> float:
    """Return tr(bread filling)."""
    return float(np.einsum("ij,ji->", bread, filling))
