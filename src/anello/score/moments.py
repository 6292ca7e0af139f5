"""What reliability and agreement need, by one GROUP BY where the answers lie.

Of each unit in each wave: n, sum and sum of squares of the score; and, over the people who
answered every item, n, sums and cross-products of the items. Rows are never read.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from math import ceil, log10
from operator import and_

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from anello.model.chain import Grain, Measure

from .base import Scoring, answers, scale

Array = NDArray[np.float64]
SCORE_DIGITS, ITEM_DIGITS = 6, 5
"""Digits of the range that are kept: ten million squared scores fit 64 bits, and the squared
answers of three million people in one cell fit the 53 bits of a float."""


@dataclass(frozen=True)
class Moments:
    """Sums of G cells (a unit in a wave) and J items; `shift` was subtracted from every score.

    `units` repeats `waves` when cells are whole waves. `n`, `sums`, `squares` of the score have
    shape (G,). Over people with every item answered: `complete` (G,), `item_sums` (G, J) and
    `item_products` (G, J, J), of turned answers from which `item_shift` was subtracted.
    """

    units: tuple[str, ...]
    waves: tuple[str, ...]
    shift: float
    item_shift: float
    n: Array
    sums: Array
    squares: Array
    complete: Array
    item_sums: Array
    item_products: Array

    def take(self, keep: NDArray[np.bool_]) -> "Moments":
        """Return the cells marked True."""
        return Moments(
            tuple(u for u, k in zip(self.units, keep, strict=True) if k),
            tuple(w for w, k in zip(self.waves, keep, strict=True) if k),
            self.shift,
            self.item_shift,
            self.n[keep],
            self.sums[keep],
            self.squares[keep],
            self.complete[keep],
            self.item_sums[keep],
            self.item_products[keep],
        )


@dataclass(frozen=True)
class _Ruler:
    """Turns numbers into whole ones about a centre: their sums are exact in any order.

    With a `scale` of 0 numbers stay as they are and only the centre is subtracted.
    """

    centre: float
    scale: float = 0.0

    def apply(self, value: ir.NumericValue) -> ir.NumericValue:
        moved = value - self.centre
        return (moved * self.scale).round() if self.scale else moved


def moments(table: ir.Table, measure: Measure, scoring: Scoring, by: Sequence[str]) -> Moments:
    """Return the moments of a measure in the cells of `by` (`wave`, or `unit` and `wave`)."""
    ruler, item_ruler = _rulers(table, measure, scoring)
    items = [item_ruler.apply(a).cast("float64") for a in answers(table, measure)]
    score = ruler.apply(scale(table, measure, scoring))
    every = reduce(and_, (a.notnull() for a in items))
    columns = {f"i{i}": ibis.ifelse(every, a, None) for i, a in enumerate(items)}
    cells = table.select(*by, score=score, **columns)
    found = _aggregate(cells, by, len(items)).to_pyarrow()
    return _arrays(found, len(items), ruler, item_ruler)


def _rulers(table: ir.Table, measure: Measure, scoring: Scoring) -> tuple[_Ruler, _Ruler]:
    """Return how to measure scores and answers: whole numbers for people, whose rows are many."""
    bounds = scoring.span(measure)
    if measure.grain is Grain.PERSON and bounds and None not in (measure.low, measure.high):
        ends = measure.low or 0.0, measure.high or 0.0
        return _ruler(*bounds, SCORE_DIGITS), _ruler(*ends, ITEM_DIGITS)
    value = scale(table, measure, scoring)
    found = table.aggregate(low=value.min(), high=value.max()).to_pyarrow().to_pylist()[0]
    free = _Ruler(((found["low"] or 0.0) + (found["high"] or 0.0)) / 2)
    return free, free


def _ruler(low: float, high: float, digits: int) -> _Ruler:
    return _Ruler((low + high) / 2, 10.0 ** (digits - ceil(log10(high - low))))


def _aggregate(cells: ir.Table, by: Sequence[str], items: int) -> ir.Table:
    answered = [cells[f"i{i}"] for i in range(items)]
    out: dict[str, ir.Value] = {
        "n": cells["score"].count(),
        "s": cells["score"].sum(),
        "q": (cells["score"] * cells["score"]).sum(),
        "complete": answered[0].count(),
    }
    for i, a in enumerate(answered):
        out[f"s{i}"] = a.sum()
        for j in range(i, items):
            out[f"p{i}_{j}"] = (a * answered[j]).sum()
    exact = {name: value.cast("float64") for name, value in out.items()}
    return cells.group_by(*by).aggregate(**exact).order_by(*by)


def _arrays(found: pa.Table, items: int, ruler: _Ruler, item_ruler: _Ruler) -> Moments:
    def column(name: str, unit: float) -> Array:
        values = found[name].to_numpy(zero_copy_only=False).astype(float)
        return np.asarray(np.nan_to_num(values) / unit)

    unit, item_unit = ruler.scale or 1.0, item_ruler.scale or 1.0
    products = np.zeros((found.num_rows, items, items))
    for i in range(items):
        for j in range(i, items):
            products[:, i, j] = products[:, j, i] = column(f"p{i}_{j}", item_unit**2)
    sums = [column(f"s{i}", item_unit) for i in range(items)]
    waves = tuple(found["wave"].to_pylist())
    return Moments(
        units=tuple(found["unit"].to_pylist()) if "unit" in found.column_names else waves,
        waves=waves,
        shift=ruler.centre,
        item_shift=item_ruler.centre,
        n=column("n", 1.0),
        sums=column("s", unit),
        squares=column("q", unit**2),
        complete=column("complete", 1.0),
        item_sums=np.stack(sums, axis=1),
        item_products=products,
    )
