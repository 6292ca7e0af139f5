"""Sufficient statistics of a Gaussian model: per group n, sums and cross-products, nothing else."""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from anello.model.errors import ModelError

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Moments:
    """What a fit may know of the rows; a value: never changed, and the parts of a whole add up.

    `columns` are m names: the ones first, the outcome last. Everything is of columns minus their
    `shift` (m; 0 for the ones), subtracted before anything was multiplied. The first r columns vary
    by group: `by_group` (r x m x J) holds their sums of products with every column in each of the
    J `groups`, so that `by_group[0]` are plain sums and `by_group[0, 0]` the sizes. `total` (m x m)
    sums the products over all groups. `dropped` counts rows left out because a value was missing,
    `withheld` the groups, and `withheld_rows` their rows, that the disclosure rule `k` kept back.
    """

    columns: tuple[str, ...]
    shift: Floats
    groups: NDArray[np.generic]
    by_group: Floats
    total: Floats
    dropped: int = 0
    k: int | None = None
    withheld: int = 0
    withheld_rows: int = 0
    sql: str = ""

    @property
    def sizes(self) -> Floats:
        """Return the number of rows in each group (J)."""
        return np.asarray(self.by_group[0, 0])

    @property
    def n(self) -> int:
        """Return the number of rows."""
        return int(self.total[0, 0])

    @cached_property
    def fingerprint(self) -> str:
        """Return the SHA-256 of names, shifts, groups and numbers, to the last bit."""
        # Loading it costs a command as much as reading 100,000 rows, and few ask for it.
        from hashlib import sha256  # noqa: PLC0415

        parts = (repr(self.columns), repr(self.groups.tolist()), repr(self.k))
        arrays = (self.shift, self.by_group, self.total)
        found = sha256("\n".join(parts).encode())
        for array in arrays:
            found.update(np.ascontiguousarray(array, dtype="<f8").tobytes())
        return found.hexdigest()

    def __add__(self, other: "Moments") -> "Moments":
        """Return the moments of both sets of rows together.

        Groups that stand in both are merged; a different shift is undone first. The disclosure rule
        is not applied again: a group kept back in one part stays kept back there.
        """
        if self.columns != other.columns or len(self.by_group) != len(other.by_group):
            raise ModelError("These moments are of different columns, so they do not add.")
        other = other.shifted(self.shift)
        groups, place = np.unique(np.concatenate([self.groups, other.groups]), return_inverse=True)
        by_group = np.zeros((*self.by_group.shape[:2], len(groups)))
        by_group[:, :, place[: len(self.groups)]] += self.by_group
        by_group[:, :, place[len(self.groups) :]] += other.by_group
        return replace(
            self,
            groups=groups,
            by_group=by_group,
            total=self.total + other.total,
            dropped=self.dropped + other.dropped,
            withheld=self.withheld + other.withheld,
            withheld_rows=self.withheld_rows + other.withheld_rows,
        )

    def shifted(self, shift: Floats) -> "Moments":
        """Return the moments of the same rows with other constants subtracted."""
        if np.array_equal(shift, self.shift):
            return self
        move = np.eye(len(self.columns))
        move[:, 0] += self.shift - shift
        r = len(self.by_group)
        by_group = np.einsum("ab,bcj,dc->adj", move[:r, :r], self.by_group, move, optimize=True)
        return replace(
            self, shift=np.array(shift), by_group=by_group, total=move @ self.total @ move.T
        )

    def sorted(self) -> "Moments":
        """Return the same moments with the groups in order, as engines give them in any."""
        order = np.argsort(self.groups, kind="stable")
        return replace(self, groups=self.groups[order], by_group=self.by_group[:, :, order])
