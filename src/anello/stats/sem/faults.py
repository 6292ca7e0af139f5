"""What is wrong with a solution that was found: improper, without a scale, half given."""

import numpy as np

from .language.table import Table
from .likelihood.matrices import Floats, Implied, Structure
from .standardise import standardised

WEAK = 0.03
Faults = tuple[tuple[str, str], ...]


def faults(table: Table, shape: Structure, implied: tuple[Implied, ...], theta: Floats) -> Faults:
    """Return codes of what is wrong, each with what it concerns; see `anello.stats.sem.fit`."""
    improper = _improper(table, shape, implied, theta)
    return improper + _weak_markers(table, shape, implied) + _half_given(table)


def _improper(
    table: Table, shape: Structure, implied: tuple[Implied, ...], theta: Floats
) -> Faults:
    """Return what makes a solution improper: negative variances, impossible correlations."""
    found = [
        ("variance", row.name)
        for row in table.rows
        if row.own_variance and (theta[row.index] if row.free else row.value or 0.0) < 0
    ]
    for number, (block, at) in enumerate(zip(shape.blocks, implied, strict=True)):
        latent = (at.e @ at.s @ at.e.T)[block.observed :, block.observed :]
        d = np.sqrt(np.maximum(np.abs(np.diag(latent)), 1e-300))
        values = np.linalg.eigvalsh(latent / np.outer(d, d)) if len(latent) else np.zeros(0)
        if len(values) and values[0] < -1e-8:
            found.append(("covariance", str(number % table.levels + 1)))
    return tuple(found)


def _weak_markers(table: Table, shape: Structure, implied: tuple[Implied, ...]) -> Faults:
    """Return markers that share less than WEAK of their spread with the latent they scale."""
    std = standardised(table, shape, list(implied), [r.value for r in table.rows])
    return tuple(
        ("marker", row.name)
        for row, value in zip(table.rows, std, strict=True)
        if row.marker and abs(value) < WEAK
    )


def _half_given(table: Table) -> Faults:
    """Return variables that one level explains and the other takes as given."""
    found = []
    for (group, level), role in table.blocks.items():
        other = table.blocks.get((group, 3 - level))
        explained = other.explained if other is not None else ()
        given = {r.lhs for r in table.of(group, level) if r.given}
        found += [("given", name) for name in role.given if name in explained and name in given]
    return tuple(dict.fromkeys(found))
