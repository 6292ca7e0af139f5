"""What moments ask of an engine, written once: which products of which columns are summed.

Two engines speak it: Ibis, for any table of any backend, and DuckDB's own SQL, for a file on the
command line. A contract test holds their answers equal.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from anello.model.disclosure import Disclosure
from anello.stats.mixed.design import ONES, Design
from anello.stats.mixed.terms import Algebra, evaluate, stays_integer
from anello.stats.moments import Floats, Moments

SAMPLE = 10_000
NARROW = 4


@dataclass(frozen=True, slots=True)
class Plan:
    """The sums to take: `shift` is subtracted from each column before anything is multiplied.

    `whole` columns are integers and are summed as integers, exactly, in any order.
    """

    design: Design
    shift: tuple[float, ...]
    whole: tuple[bool, ...]

    @property
    def varying(self) -> int:
        """Return r, the number of leading columns whose products are summed by group."""
        return len(dict.fromkeys((ONES, *self.design.varying)))

    def grouped(self) -> tuple[tuple[int, int], ...]:
        """Return the pairs of columns whose products are summed by group; (0, 0) is the count."""
        m, r = len(self.shift), self.varying
        return tuple((i, j) for i in range(r) for j in range(i, m))

    def rest(self) -> tuple[tuple[int, int], ...]:
        """Return the remaining pairs, which are needed once, over all groups."""
        m, r = len(self.shift), self.varying
        return tuple((i, j) for i in range(r, m) for j in range(i, m))


def plan(design: Design, means: tuple[float | None, ...], exact: bool = True) -> Plan:
    """Plan the sums, with a shift near the `means` of a sample; `exact` keeps integers integers."""
    whole = tuple(exact and stays_integer(c.node, design.integers) for c in design.columns)
    found = zip(design.columns, means, whole, strict=True)
    shift = tuple(
        0.0 if c.indicator or not mean or not np.isfinite(mean) else _near(mean, is_whole)
        for c, mean, is_whole in found
    )
    return Plan(design, shift, whole)


def _near(mean: float, whole: bool) -> float:
    return float(round(mean)) if whole else float(f"{mean:.6g}")


def values(plan: Plan, algebra: Algebra) -> Iterator[tuple[str, Any]]:
    """Yield name and shifted value of every column but the ones, in the engine's own words."""
    for i, column in enumerate(plan.design.columns):
        if i:
            constant: float = plan.shift[i]
            value = evaluate(column.node, algebra)
            shift = int(constant) if plan.whole[i] else constant
            yield f"c{i}", value - shift if constant else value


def sums(
    pairs: tuple[tuple[int, int], ...], column: Mapping[str, Any]
) -> Iterator[tuple[str, Any]]:
    """Yield name and summand of every pair but (0, 0), the count."""
    for i, j in pairs:
        if j:
            right = column[f"c{j}"]
            yield f"s{i}_{j}", right if i == 0 else column[f"c{i}"] * right


def assemble(
    plan: Plan, groups: NDArray[Any], found: Mapping[str, Floats], once: Mapping[str, Floats]
) -> Moments:
    """Return the moments, from what was summed by group (`found`) and over all rows (`once`).

    Whatever of `once` was summed by group as well is added up here.
    """
    m, r = len(plan.shift), plan.varying
    by_group = np.empty((r, m, len(groups)))
    total = np.zeros((m, m))
    for i, j in plan.grouped():
        by_group[i, j] = found[f"s{i}_{j}"]
        if j < r:
            by_group[j, i] = by_group[i, j]
        total[i, j] = total[j, i] = by_group[i, j].sum()
    for i, j in plan.rest():
        name = f"s{i}_{j}"
        total[i, j] = total[j, i] = float(np.sum(found[name] if name in found else once[name]))
    names = tuple(column.name for column in plan.design.columns)
    return Moments(names, np.array(plan.shift), groups, by_group, total)


def better(plan: Plan, moments: Moments) -> Plan | None:
    """Return a plan with the true means when the sample's lay too far away for full precision."""
    n = moments.n
    if n == 0 or not np.isfinite(moments.total).all():
        return None
    mean = moments.total[0] / n
    spread = np.diag(moments.total) / n - mean**2
    if not (mean[1:] ** 2 > 1e6 * np.maximum(spread[1:], 1e-300)).any():
        return None
    means = tuple(float(s + m) for s, m in zip(moments.shift, mean, strict=True))
    again = Plan(
        plan.design,
        tuple(
            0.0 if c.indicator else _near(value, whole)
            for c, value, whole in zip(plan.design.columns, means, plan.whole, strict=True)
        ),
        plan.whole,
    )
    return again if again.shift != plan.shift else None


def counted(
    result: Moments, rows: int, found: dict[str, Any], disclosure: Disclosure | None, sql: str
) -> Moments:
    """Return the moments with the numbers of rows dropped and groups withheld."""
    if disclosure is None:
        return replace(result, dropped=rows - result.n, sql=sql)
    groups = int(found["all_groups"][0]) if len(result.groups) else 0
    all_rows = int(found["all_rows"][0]) if len(result.groups) else rows
    return replace(
        result,
        k=disclosure.k,
        dropped=rows - all_rows,
        sql=sql,
        withheld=groups - len(result.groups),
        withheld_rows=all_rows - result.n,
    )
