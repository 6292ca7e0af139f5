"""From moments to a well-scaled problem, and back: centring and scaling that the model allows.

Every column that the likelihood sees is a linear combination of columns of the moments. Centring
needs an intercept to take the constant up: for fixed columns an intercept among them, for varying
columns one in their own block (else the model itself would change, as with `(x || g)`).
"""

from dataclasses import dataclass

import numpy as np

from anello.model.errors import ModelError

from ..moments import Floats, Moments
from .design import ONES, Column, Design
from .lmm_likelihood import Sums

DEPENDENT = 1e-12


@dataclass(frozen=True, eq=False)
class Scaled:
    """A scaled problem and the way back.

    beta = `back` @ (scaled beta) + `offset`; b = `back_z` @ (scaled b); `logdet` is what
    the scaling of X took from log|X'V^-1X|.
    """

    sums: Sums
    back: Floats
    offset: Floats
    back_z: Floats
    logdet: float


def scaled(moments: Moments, design: Design, reml: bool) -> Scaled:
    """Return the scaled problem of `design`; a `ModelError` if the data cannot carry it."""
    check_groups(moments, design)
    x_map, back, offset = _fixed_map(moments, design)
    z_map, back_z = _varying_map(moments, design)
    r = len(moments.by_group)
    xx = x_map @ moments.total @ x_map.T
    half = np.tensordot(z_map[:, :r], moments.by_group, 1)
    zx = np.einsum("kc,qcj->qkj", x_map, half, optimize=True)
    zz = np.einsum("kc,qcj->qkj", z_map, half, optimize=True)
    scale = np.diag(back)
    check_rank(xx, design, moments)
    rows, columns = theta_places(design)
    sums = Sums(zz, zx, xx, moments.n, rows, columns, reml)
    return Scaled(sums, back, offset, back_z, -2 * float(np.log(scale).sum()))


def theta_places(design: Design) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return the rows and columns of theta in Lambda, column by column within each block."""
    places: list[tuple[int, int]] = []
    start = 0
    for block in design.blocks:
        stop = start + len(block)
        places += [(i, j) for j in range(start, stop) for i in range(j, stop)]
        start = stop
    return tuple(i for i, _ in places), tuple(j for _, j in places)


def _fixed_map(moments: Moments, design: Design) -> tuple[Floats, Floats, Floats]:
    """Return the map from moment columns to scaled X and y, and the way back for beta."""
    p, m = len(design.fixed), len(moments.columns)
    centred = ONES in design.fixed
    x_map = np.zeros((p + 1, m))
    back, offset = np.eye(p), np.zeros(p)
    for i, column in enumerate((*design.fixed, design.outcome)):
        x_map[i], taken, scale = _one(moments, column, centred, i == p)
        if i < p:
            back[i, i] = 1 / scale
            if centred and column != ONES:
                back[design.fixed.index(ONES), i] = -taken / scale
        elif centred:
            offset[design.fixed.index(ONES)] = taken
    return x_map, back, offset


def _varying_map(moments: Moments, design: Design) -> tuple[Floats, Floats]:
    q, m = len(design.varying), len(moments.columns)
    z_map, back = np.zeros((q, m)), np.eye(q)
    i = 0
    for block in design.blocks:
        start = i
        for column in block:
            z_map[i], taken, scale = _one(moments, column, ONES in block, False)
            back[i, i] = 1 / scale
            if ONES in block and column != ONES:
                back[start + block.index(ONES), i] = -taken / scale
            i += 1
    return z_map, back


def _one(
    moments: Moments, column: Column, centred: bool, outcome: bool
) -> tuple[Floats, float, float]:
    """Return the map of one column, the constant it takes away, and its root mean square."""
    place = moments.columns.index(column.name) if not outcome else len(moments.columns) - 1
    row = np.zeros(len(moments.columns))
    row[place] = 1.0
    if column == ONES:
        return row, 0.0, 1.0
    mean = moments.total[0, place] / moments.n if centred else -moments.shift[place]
    row[0] = -mean
    square = float(row @ moments.total @ row) / moments.n
    taken = moments.shift[place] + mean
    scale = np.sqrt(square) if square > 0 and not outcome else 1.0
    return row / scale, float(taken), float(scale)


def check_groups(moments: Moments, design: Design) -> None:
    """Raise `ModelError` if there are too few groups or rows for what varies."""
    j, q = len(moments.groups), len(design.varying)
    n, p = moments.n, len(design.fixed)
    if j == 0 or n == 0:
        raise ModelError(
            "No row is left to fit: every row misses a value or lies in a group that is withheld."
        )
    check_term(design.group, j, q, n)
    if n <= p:
        raise ModelError(
            "{rows} rows are too few for {effects} effects; take terms out.", effects=p, rows=n
        )


def check_term(group: str, j: int, q: int, n: int) -> None:
    """Raise `ModelError` if j groups and n rows are too few for q effects that vary by `group`."""
    values = {"group": group, "rows": n, "groups": j}
    if j < 2:
        raise ModelError(
            "The group {group!r} has a single level, so nothing can vary by it; "
            "choose another column.",
            **values,
        )
    if j < q:
        raise ModelError(
            "{groups} groups of {group!r} are too few for {effects} varying effects; "
            "let fewer effects vary.",
            effects=q,
            **values,
        )
    if n <= j * q:
        raise ModelError(
            "{rows} rows are too few for {effects} varying effects in each of {groups} groups of "
            "{group!r}; let fewer effects vary.",
            effects=q,
            **values,
        )


def check_rank(xx: Floats, design: Design, moments: Moments) -> None:
    """Raise `ModelError`, naming the term, if a column of X repeats the others or is constant."""
    p = len(xx) - 1
    low = np.zeros((p, p))
    for i, column in enumerate(design.fixed):
        low[i, :i] = np.linalg.solve(low[:i, :i], xx[:i, i]) if i else 0.0
        left = xx[i, i] - low[i, :i] @ low[i, :i]
        if left > DEPENDENT * moments.n and xx[i, i] > 0 and not _constant(moments, column, design):
            low[i, i] = np.sqrt(left)
        elif ONES in design.fixed and _constant(moments, column, design):
            raise ModelError(
                "{term} has the same value in every row, so it has no effect to estimate; "
                "take it out.",
                term=column.name,
            )
        else:
            raise ModelError(
                "{term} repeats what the terms before it already say ({others}); "
                "take one of them out.",
                term=column.name,
                others=", ".join(c.name for c in design.fixed[:i]) or "0",
            )
    at = len(moments.columns) - 1
    spread = moments.total[at, at] - moments.total[0, at] ** 2 / moments.n
    if spread <= 1e-13 * max(moments.total[at, at], 1e-300):
        raise ModelError(
            "The outcome {term} has the same value in every row; there is nothing to explain.",
            term=design.outcome.name,
        )


def _constant(moments: Moments, column: Column, design: Design) -> bool:
    if column == ONES or ONES not in design.fixed:
        return False
    at = moments.columns.index(column.name)
    spread = moments.total[at, at] - moments.total[0, at] ** 2 / moments.n
    return bool(spread <= 1e-13 * moments.total[at, at])
