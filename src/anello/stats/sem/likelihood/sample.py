"""What a structural model may know of the rows: normal cells, sizes and rough moments."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from anello.model.errors import ModelError

from .cells import Cells, Every
from .matrices import Floats

LOG_2PI = float(np.log(2 * np.pi))
COLLINEAR = 1e-10


@dataclass(frozen=True, eq=False)
class Rough:
    """First moments of one block, good enough to start from; `names` orders `cov` and `mean`."""

    names: tuple[str, ...]
    cov: Floats
    mean: Floats


class Units(Protocol):
    """Hands out the cells of single rows (or clusters) of one group, in portions."""

    def __call__(self) -> Iterator[tuple[Cells, ...]]:
        """Return the portions."""
        ...


@dataclass(frozen=True, eq=False)
class Sample:
    """The data of a fit: `cells` with the `constant` of -2 log L, one `rough` per block.

    `sizes` are rows by group, `clusters` clusters in all (None on one level). `exact` says that
    `rough` is the unrestricted maximum itself. `units` yields what single rows or clusters tell,
    for robust errors; None if it was not asked for.
    """

    cells: Every
    constant: float
    rough: tuple[Rough, ...]
    sizes: tuple[int, ...]
    clusters: int | None = None
    exact: bool = False
    units: tuple[Units, ...] | None = None
    given_constant: float = 0.0

    @property
    def n(self) -> int:
        """Return the number of rows."""
        return sum(self.sizes)


def positive(names: tuple[str, ...], cov: Floats, n: int) -> None:
    """Raise `ModelError` where a covariance matrix cannot carry a model, and say why."""
    spread = np.diag(cov)
    flat = [name for name, s in zip(names, spread, strict=True) if not s > 1e-14]
    if flat:
        raise ModelError(
            "{column!r} does not vary in these rows, so nothing can be learned from it; leave it "
            "out.",
            column=flat[0],
        )
    if n <= len(names):
        raise ModelError(
            "{n} rows cannot carry the covariances of {p} variables; it takes more rows than "
            "variables.",
            n=n,
            p=len(names),
        )
    distinct(names, cov)


def distinct(names: tuple[str, ...], cov: Floats) -> None:
    """Raise `ModelError` for columns that repeat each other, by their covariance matrix."""
    spread = np.diag(cov)
    r = cov / np.sqrt(np.outer(spread, spread))
    values, vectors = np.linalg.eigh(r)
    if values[0] < COLLINEAR:
        part = np.abs(vectors[:, 0]) > 0.05
        which = [name for name, wanted in zip(names, part, strict=True) if wanted]
        raise ModelError(
            "The covariance matrix is not positive definite: {columns} repeat each other. Leave "
            "one of them out.",
            columns=", ".join(which),
        )
