"""From what was gathered to a well-scaled problem, with the largest factor first.

As `lmm_scale` does for one group: columns are centred where an intercept takes the constant up, and
divided by their root mean square.
"""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from ...moments import Floats
from ..design import ONES, Column
from .frame import Frame, frame
from .gathered import Cells, Gathered, Places
from .layout import Layout

FLOOR = 1e-7


@dataclass(frozen=True, eq=False)
class Block:
    """One factor of the problem: `zz` (q x q x J), `zx` (q x (p+1) x J), and the way back.

    b = `back` @ (scaled b). `factor` is its place in what was gathered, `component` (J) the
    component that each level belongs to.
    """

    factor: int
    zz: Floats
    zx: Floats
    back: Floats
    component: Places

    @property
    def width(self) -> int:
        """Return q."""
        return len(self.zz)

    @property
    def count(self) -> int:
        """Return J."""
        return int(self.zz.shape[2])


@dataclass(frozen=True, eq=False)
class Problem:
    """What the likelihood reads; `blocks[0]` is the factor that is eliminated first.

    `places` are block, row and column in Lambda of each entry of theta. beta = `back` @ (scaled
    beta) + `offset`; `logdet` is what the scaling of X took from log|X'V^-1X|; `core` lays out what
    is left once the first factor is gone.
    """

    xx: Floats
    blocks: tuple[Block, ...]
    cells: tuple[Cells, ...]
    places: tuple[tuple[int, int, int], ...]
    n: int
    reml: bool
    back: Floats
    offset: Floats
    logdet: float
    x_map: Floats
    core: Frame

    @property
    def p(self) -> int:
        """Return the number of fixed effects."""
        return len(self.xx) - 1

    @property
    def freedom(self) -> int:
        """Return the denominator of the profiled residual variance: n, or n - p under REML."""
        return self.n - self.p if self.reml else self.n

    def factors(self, theta: Floats) -> tuple[Floats, ...]:
        """Return Lambda of each block (q x q)."""
        found = tuple(np.zeros((b.width, b.width)) for b in self.blocks)
        for value, (k, i, j) in zip(theta, self.places, strict=True):
            found[k][i, j] = value
        return found

    def whole(self) -> Frame:
        """Lay out a matrix over the levels of every factor, the first one too."""
        return frame([b.component for b in self.blocks], [b.width for b in self.blocks])


def problem(gathered: Gathered, layout: Layout, reml: bool, centred: bool = True) -> Problem:
    """Return the scaled problem; `centred` False leaves varying columns where they are."""
    x_map, back, offset = _fixed_map(gathered, layout)
    maps = [_varying_map(gathered, layout, k, centred) for k in range(len(gathered.factors))]
    order = sorted(range(len(maps)), key=lambda k: -gathered.factors[k].count * len(maps[k][0]))
    component = _components(gathered)
    blocks = tuple(_block(gathered, k, maps[k], x_map, component[k]) for k in order)
    cells = tuple(_cells(c, maps, order) for c in gathered.cells)
    rest = blocks[1:]
    return Problem(
        xx=x_map @ gathered.total @ x_map.T,
        blocks=blocks,
        cells=cells,
        places=_places(layout, order),
        n=gathered.n,
        reml=reml,
        back=back,
        offset=offset,
        logdet=-2 * float(np.log(np.diag(back)).sum()),
        x_map=x_map,
        core=frame([b.component for b in rest], [b.width for b in rest]),
    )


def _block(
    gathered: Gathered, k: int, maps: tuple[Floats, Floats], x_map: Floats, component: Places
) -> Block:
    z_map, back = maps
    factor = gathered.factors[k]
    half = np.tensordot(z_map, factor.sums, 1)
    zx = np.einsum("kc,qcj->qkj", x_map, half, optimize=True)
    zz = np.einsum("kc,qcj->qkj", z_map, half[:, list(factor.columns)], optimize=True)
    return Block(k, zz, zx, back, component)


def _cells(cells: Cells, maps: list[tuple[Floats, Floats]], order: list[int]) -> Cells:
    first, second = order.index(cells.first), order.index(cells.second)
    sums = np.einsum(
        "ab,bcj,dc->adj", maps[cells.first][0], cells.sums, maps[cells.second][0], optimize=True
    )
    found = Cells(first, second, cells.at, cells.to, sums)
    return found if first < second else found.turned()


def _places(layout: Layout, order: list[int]) -> tuple[tuple[int, int, int], ...]:
    places: list[tuple[int, int, int]] = []
    for block, k in enumerate(order):
        start = 0
        for term in layout.terms_of(k):
            stop = start + len(layout.terms[term].columns)
            places += [(block, i, j) for j in range(start, stop) for i in range(j, stop)]
            start = stop
    return tuple(places)


def _components(gathered: Gathered) -> list[Places]:
    """Return the component of every level of every factor."""
    counts = [f.count for f in gathered.factors]
    start = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    at = np.concatenate([start[c.first] + c.at for c in gathered.cells] or [start[:0]])
    to = np.concatenate([start[c.second] + c.to for c in gathered.cells] or [start[:0]])
    size = int(start[-1])
    graph = coo_array((np.ones(len(at)), (at, to)), shape=(size, size))
    labels = np.asarray(connected_components(graph, directed=False)[1], dtype=np.int64)
    return [labels[start[k] : start[k + 1]] for k in range(len(counts))]


def _fixed_map(gathered: Gathered, layout: Layout) -> tuple[Floats, Floats, Floats]:
    fixed = layout.design.fixed
    p, centred = len(fixed), ONES in fixed
    x_map = np.zeros((p + 1, len(gathered.columns)))
    back, offset = np.eye(p), np.zeros(p)
    for i, column in enumerate((*fixed, layout.design.outcome)):
        x_map[i], taken, scale = _one(gathered, column, centred, i == p)
        if i < p:
            back[i, i] = 1 / scale
            if centred and column != ONES:
                back[fixed.index(ONES), i] = -taken / scale
        elif centred:
            offset[fixed.index(ONES)] = taken
    return x_map, back, offset


def _varying_map(gathered: Gathered, layout: Layout, k: int, centre: bool) -> tuple[Floats, Floats]:
    """Return the map from the columns summed by factor k to its scaled effects, and back."""
    columns = list(gathered.factors[k].columns)
    rows: list[Floats] = []
    back = np.eye(len(layout.varying(k)))
    for term in layout.terms_of(k):
        block, start = layout.terms[term].columns, len(rows)
        for column in block:
            i, free = len(rows), centre and ONES in block
            row, taken, scale = _one(gathered, column, free, False)
            rows.append(row[columns])
            back[i, i] = 1 / scale
            if free and column != ONES:
                back[start + block.index(ONES), i] = -taken / scale
    return np.array(rows), back


def _one(
    gathered: Gathered, column: Column, centred: bool, outcome: bool
) -> tuple[Floats, float, float]:
    """Return the map of one column, the constant it takes away, and its root mean square."""
    place = gathered.columns.index(column.name) if not outcome else len(gathered.columns) - 1
    row = np.zeros(len(gathered.columns))
    row[place] = 1.0
    if column == ONES:
        return row, 0.0, 1.0
    mean = gathered.total[0, place] / gathered.n if centred else -gathered.shift[place]
    row[0] = -mean
    square = float(row @ gathered.total @ row) / gathered.n
    taken = gathered.shift[place] + mean
    scale = float(np.sqrt(square)) if square > 0 and not outcome else 1.0
    return row / scale, float(taken), scale
