"""Where the entries of a matrix over many levels of several factors lie, component by component.

Levels that never meet, not even through others, fall into different components, and the matrix has
nothing outside them. Components with the same number of levels of each factor share a shape and
are handled at once; a crossed design is one large component.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from anello.model.errors import ModelError

from ...moments import Floats
from .gathered import Cells, Places

LARGEST = 150_000_000


@dataclass(frozen=True, eq=False)
class Batch:
    """Components of one shape: `counts` levels of each factor, matrices of `size` columns.

    Its matrices start at `flat` in the flat storage, its rows at `row` in vectors.
    """

    counts: tuple[int, ...]
    size: int
    many: int
    flat: int
    row: int


@dataclass(frozen=True, eq=False)
class Frame:
    """Places of the entries. `node[f]` (q_f x J_f) is the row of each effect in vectors; `base` and
    `local` (N) give the flat place of entry (i, j) as base[i] + local[j], within a component.
    """

    batches: tuple[Batch, ...]
    node: tuple[Places, ...]
    base: Places
    local: Places
    total: int

    @property
    def rows(self) -> int:
        """Return N, the number of effects."""
        return len(self.base)

    def view(self, flat: Floats, batch: Batch) -> Floats:
        """Return the matrices of a batch, many x size x size."""
        stop = batch.flat + batch.many * batch.size**2
        return flat[batch.flat : stop].reshape(batch.many, batch.size, batch.size)

    def part(self, vector: Floats, batch: Batch) -> Floats:
        """Return the rows of a batch in an N x c array, many x size x c."""
        stop = batch.row + batch.many * batch.size
        return vector[batch.row : stop].reshape(batch.many, batch.size, -1)

    def matrix(self, blocks: Sequence[Floats], cells: Sequence[tuple[Cells, Floats]]) -> Floats:
        """Return a symmetric matrix, flat, from its diagonal blocks (q x q x J) and its cells."""
        flat = np.zeros(self.total)
        for node, block in zip(self.node, blocks, strict=True):
            flat[self.base[node][:, None] + self.local[node][None]] = block
        for cell, values in cells:
            rows, columns = self.node[cell.first][:, cell.at], self.node[cell.second][:, cell.to]
            flat[self.base[rows][:, None] + self.local[columns][None]] = values
            flat[self.base[columns][None] + self.local[rows][:, None]] = values
        return flat

    def diagonal(self, flat: Floats, factor: int) -> Floats:
        """Return the diagonal blocks of one factor's levels, q x q x J."""
        node = self.node[factor]
        return np.asarray(flat[self.base[node][:, None] + self.local[node][None]])


def frame(labels: Sequence[Places], widths: Sequence[int]) -> Frame:
    """Lay out a matrix; `labels[f]` is the component of each level, `widths[f]` its effects."""
    if not labels:
        nothing = np.zeros(0, dtype=np.int64)
        return Frame((), (), nothing, nothing, 0)
    found = np.unique(np.concatenate(labels))
    of = [np.searchsorted(found, label) for label in labels]
    counts = np.array([np.bincount(c, minlength=len(found)) for c in of]).reshape(len(of), -1)
    shapes, kind = np.unique(counts, axis=1, return_inverse=True)
    sizes = (np.array(widths, dtype=np.int64)[:, None] * shapes).sum(axis=0)
    kind = kind.reshape(-1)
    batches, rows, flats = _batches(shapes, sizes, np.bincount(kind, minlength=len(sizes)))
    rank = _ranks(kind)
    size = sizes[kind]
    first = rows[kind] + rank * size
    flat = flats[kind] + rank * size**2
    node, base, local = [], np.zeros(int(size.sum()), np.int64), np.zeros(int(size.sum()), np.int64)
    before = np.zeros(len(found), dtype=np.int64)
    for component, width, count in zip(of, widths, counts, strict=True):
        inside = before[component] + _ranks(component) * width + np.arange(width)[:, None]
        place = first[component] + inside
        base[place] = flat[component] + inside * size[component]
        local[place] = inside
        node.append(place)
        before = before + count * width
    return Frame(batches, tuple(node), base, local, int((size**2).sum()))


def _batches(
    shapes: Places, sizes: Places, many: Places
) -> tuple[tuple[Batch, ...], Places, Places]:
    if float((many * sizes.astype(float) ** 2).sum()) > LARGEST:
        raise ModelError(
            "The groups cross in so many ways that the fit would need more than {gigabytes} GB; "
            "leave the group with the fewest rows per level out.",
            gigabytes=round(LARGEST * 8 / 1e9, 1),
        )
    rows = np.concatenate([[0], np.cumsum(many * sizes)])
    flats = np.concatenate([[0], np.cumsum(many * sizes**2)])
    batches = tuple(
        Batch(tuple(map(int, shapes[:, b])), int(sizes[b]), int(many[b]), int(flats[b]), int(row))
        for b, row in enumerate(rows[:-1])
    )
    return batches, rows, flats


def _ranks(labels: Places) -> Places:
    """Return how many equal labels stand before each."""
    order = np.argsort(labels, kind="stable")
    ordered = labels[order]
    starts = np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]]))
    lengths = np.diff(np.concatenate([starts, [len(ordered)]]))
    rank = np.empty(len(labels), dtype=np.int64)
    rank[order] = np.arange(len(labels)) - np.repeat(starts, lengths)
    return rank
