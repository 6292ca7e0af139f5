"""The fixed columns made equally long and upright, so that the search needs no units."""

from dataclasses import dataclass

import numpy as np

from anello.model.errors import ModelError

from ..moments import Floats

SAME = 1e-9


@dataclass(frozen=True, eq=False)
class Upright:
    """Columns with mean product 1 with themselves and 0 with each other, and the way back.

    beta = back @ gamma; `middle` (p) are the means that were taken out (zero where none were).
    """

    columns: Floats
    back: Floats
    middle: Floats


def upright(x: Floats, names: tuple[str, ...], weights: Floats, centred: bool) -> Upright:
    """Return the columns x (n x p) made upright, `centred` first where thresholds take the place
    of an intercept.

    Raises `ModelError` naming a column that repeats others.

    >>> found = upright(np.array([[1.0, 2], [1, 3], [1, 7]]), ("one", "x"), np.ones(3), False)
    >>> np.round(found.columns.T @ found.columns / 3, 12)
    array([[1., 0.],
           [0., 1.]])
    """
    p = x.shape[1]
    middle = weights @ x / weights.sum() if centred and p else np.zeros(p)
    if not p:
        return Upright(x, np.zeros((0, 0)), middle)
    moved = x - middle
    root = np.sqrt(weights)[:, None]
    lengths = np.sqrt(((root * x) ** 2).sum(axis=0))
    r = np.linalg.qr(root * moved, mode="r")
    if len(r) < p:
        _refuse(names[len(r)])
    for name, length, kept in zip(names, lengths, np.abs(np.diag(r)), strict=True):
        if kept <= SAME * max(float(length), 1e-300):
            _refuse(name)
    back = np.linalg.inv(r) * np.sqrt(weights.sum())
    return Upright(moved @ back, back, middle)


def _refuse(name: str) -> None:
    raise ModelError(
        "The column {column!r} repeats what the columns before it say, or never varies; take it "
        "out.",
        column=name,
    )
