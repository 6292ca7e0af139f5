"""From the sums that an engine returned to moments."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from anello.model.disclosure import Disclosure
from anello.stats.moments import Floats, Moments

from .asked import Plan, near


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
            0.0 if c.indicator else near(value, whole)
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
