"""Reliability and agreement of one measure in each wave, before any unit mean is used."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite, sqrt

import ibis.expr.types as ir
import numpy as np

from anello.model.chain import Grain, Measure
from anello.model.findings import Quality
from anello.stats.scales.agreement import item_variances, rwgj, uniform_null
from anello.stats.scales.icc import anova
from anello.stats.scales.reliability import alpha, covariance, omega

from .base import Scoring
from .moments import Moments, moments

BY = ("unit", "wave")


def qualities(
    table: ir.Table,
    measure: Measure,
    scoring: Scoring,
    k: int,
    waves: Sequence[str],
    known: Moments | None = None,
) -> list[Quality]:
    """Return the quality of a measure in those of `waves` in which anybody answered.

    `known` are the moments of persons by unit and wave, where somebody has them already.

    Units of fewer than `k` answers are counted in `withheld` and enter no number: a total that
    held them would give them away beside the means of the others.
    """
    by = BY if measure.grain is Grain.PERSON else ("wave",)
    shown, hidden = table, dict.fromkeys(waves, 0)
    if measure.grain is Grain.UNIT and measure.base is not None:
        small = table[measure.base] < k
        shown, hidden = table.filter(~small.fill_null(False)), _count(table, measure, small)
    cells = moments(shown, measure, scoring, by) if known is None else known
    out = []
    for wave in waves:
        here = cells.take(np.array([w == wave for w in cells.waves], dtype=bool))
        if measure.grain is Grain.PERSON:
            found = _of_persons(measure, wave, here, k)
        else:
            found = _of_units(measure, wave, here, hidden.get(wave, 0))
        if found.units or found.withheld:
            out.append(found)
    return out


def icc2(found: Sequence[Quality]) -> dict[str, float | None]:
    """Return the ICC(2) of each measure that has one: its mean over waves."""
    known: dict[str, list[float]] = {}
    for q in found:
        if q.icc2 is not None:
            known.setdefault(q.measure, []).append(q.icc2)
    return {key: float(np.mean(values)) for key, values in known.items()}


def _count(table: ir.Table, measure: Measure, small: ir.BooleanValue) -> dict[str, int]:
    known = table[measure.items[0].column].notnull()
    counted = table.filter(small & known).group_by("wave").aggregate(n=lambda t: t.count())
    return {row["wave"]: row["n"] for row in counted.to_pyarrow().to_pylist()}


def _of_units(measure: Measure, wave: str, cells: Moments, withheld: int) -> Quality:
    units = int(cells.n.sum())
    mean, sd = _mean_and_sd(cells)
    return Quality(measure.key, wave, units, None, mean, sd, withheld=withheld)


def _of_persons(measure: Measure, wave: str, cells: Moments, k: int) -> Quality:
    used = cells.take(cells.n >= k)
    mean, sd = _mean_and_sd(used)
    groups = anova(used.n, used.sums, used.squares)
    scale = _scale(used, k)
    return Quality(
        measure=measure.key,
        wave=wave,
        units=len(used.n),
        n=int(used.n.sum()),
        mean=mean,
        sd=sd,
        alpha=_told(scale.alpha),
        omega=_told(scale.omega),
        icc1=_told(groups.icc1),
        icc2=_told(groups.icc2),
        rwg=_told(_mean_rwg(used, measure, k)),
        withheld=int(((cells.n > 0) & (cells.n < k)).sum()),
    )


@dataclass(frozen=True, slots=True)
class _Scale:
    alpha: float
    omega: float


def _scale(cells: Moments, k: int) -> _Scale:
    n = float(cells.complete.sum())
    if n < k:
        return _Scale(float("nan"), float("nan"))
    s = covariance(n, cells.item_sums.sum(axis=0), cells.item_products.sum(axis=0))
    return _Scale(alpha(s), omega(s))


def _mean_rwg(cells: Moments, measure: Measure, k: int) -> float:
    if measure.low is None or measure.high is None:
        return float("nan")
    enough = cells.take(cells.complete >= k)
    if not len(enough.n):
        return float("nan")
    squares = np.diagonal(enough.item_products, axis1=1, axis2=2)
    s2 = item_variances(enough.complete, enough.item_sums, squares)
    options = round(measure.high - measure.low) + 1
    return float(np.mean(rwgj(s2, uniform_null(options))))


def _mean_and_sd(cells: Moments) -> tuple[float, float]:
    n, total = float(cells.n.sum()), float(cells.sums.sum())
    if n == 0:
        return float("nan"), float("nan")
    left = float(cells.squares.sum()) - total**2 / n
    sd = sqrt(max(left, 0.0) / (n - 1)) if n > 1 else float("nan")
    return cells.shift + total / n, sd


def _told(value: float) -> float | None:
    return value if isfinite(value) else None
