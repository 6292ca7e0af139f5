"""Agreement and reliability of one scale in a file, for a person who already holds the rows."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from functools import reduce
from math import isfinite
from operator import and_
from pathlib import Path

import ibis
import ibis.expr.types as ir
import numpy as np
from numpy.typing import ArrayLike, NDArray

from anello.listen.sources import read
from anello.model.chain import Chain, Construct, Grain, Item, Measure, Side, Source
from anello.model.errors import ModelError, SourceError
from anello.model.place import Plural, Units, Waves
from anello.model.words import Words
from anello.stats.scales import agreement as a
from anello.stats.scales.icc import anova, reml
from anello.stats.scales.reliability import alpha, covariance, omega
from anello.store.database import memory

from .base import bounds
from .mean import Mean
from .moments import Moments, moments

Array = NDArray[np.float64]
Json = dict[str, object]


def fit_agreement(
    path: Path | str, *, items: Sequence[str], group: str, low: float, high: float
) -> Json:
    """Return agreement and reliability of a scale, ready for JSON (NaN is None).

    `items` are answered from `low` to `high` in whole steps and stand in the columns of a file of
    any kind the product reads; turn reversed ones beforehand. People who left an item out are
    dropped and counted in `dropped`. Raises `SourceError` for what cannot be read and
    `ModelError` when fewer than two groups remain.
    """
    if not items or len(set(items)) < len(items):
        raise ModelError(
            "agreement needs the columns of one or more different items; {items!r} was given. "
            "Name them as in `--items q1,q2,q3`.",
            items=",".join(items),
        )
    if not (isfinite(low) and isfinite(high) and low < high):
        raise ModelError(
            "the scale goes from {low:g} to {high:g}; the lowest answer must be the smaller one. "
            "Write it as in `--low 1 --high 5`.",
            low=low,
            high=high,
        )
    place = Path(path)
    if not place.exists():
        raise SourceError("There is no file {file}.", file=place)
    chain = _chain(place.name, tuple(items), group, low, high)
    rows = read(chain.sources[0], chain, place.parent, memory())
    return describe(rows.table, chain.measures[0]) | {"group": group, "notes": list(rows.notes)}


def describe(table: ir.Table, measure: Measure) -> Json:
    """Return agreement and reliability of a measure over the column `unit` of a table."""
    known = table.filter(table["unit"].notnull())
    every = reduce(and_, (known[i.column].notnull() for i in measure.items))
    complete = known.filter(every).mutate(wave=ibis.literal("all"))
    cells = moments(complete, measure, Mean(), ("unit", "wave"))
    if len(cells.n) < 2:
        raise ModelError(
            "agreement needs answers from at least two groups; there are {groups}. "
            "Name the column that holds the group, and check for missing answers.",
            groups=len(cells.n),
        )
    n = int(cells.n.sum())
    found = {
        "model": "agreement",
        "items": [i.column for i in measure.items],
        "low": measure.low,
        "high": measure.high,
        "n": n,
        "dropped": int(table.count().to_pyarrow().as_py()) - n,
        "groups": len(cells.n),
    }
    return _plain(found | _agreement(complete, measure, cells) | _reliability(cells))


def _agreement(table: ir.Table, measure: Measure, cells: Moments) -> Json:
    low, high = bounds(measure)
    options = round(high - low) + 1
    squares = np.diagonal(cells.item_products, axis1=1, axis2=2)
    s2 = a.item_variances(cells.n, cells.item_sums, squares)
    means = cells.item_shift + cells.item_sums / cells.n[:, None]
    nulls = {"uniform": a.uniform_null(options)}
    if options == 5:
        nulls |= {name: a.skewed_null(p) for name, p in a.SKEWED_5.items()}
    values, counts = _counts(table, measure, cells.units)

    def spread(found: ArrayLike) -> Json:
        return _spread(cells.units, np.asarray(found, dtype=float))

    return {
        "nulls": nulls,
        "rwgj": spread(a.rwgj(s2, nulls["uniform"])),
        "rwgj_skewed": {k: spread(a.rwgj(s2, v)) for k, v in nulls.items() if k != "uniform"},
        "r_star": spread(a.r_star(s2, nulls["uniform"])),
        "awg": spread(a.awg(means, s2, cells.n, low, high)),
        "ad": spread(a.average_deviation(counts, values)) | {"upper_limit": options / 6},
    }


def _reliability(cells: Moments) -> Json:
    items = cells.item_sums.shape[1]
    sums, squares = cells.item_sums.sum(axis=1), cells.item_products.sum(axis=(1, 2))
    groups = (cells.n, sums / items, squares / items**2)
    s = covariance(
        float(cells.n.sum()), cells.item_sums.sum(axis=0), cells.item_products.sum(axis=0)
    )
    fitted = asdict(reml(*groups))
    fitted["mean"] += cells.item_shift
    return {
        "icc": {"anova": asdict(anova(*groups)), "reml": fitted},
        "alpha": alpha(s),
        "omega": omega(s),
    }


def _counts(table: ir.Table, measure: Measure, units: Sequence[str]) -> tuple[Array, Array]:
    """Return the answers that occur, (A,), and how often in each group and item, (G, J, A)."""
    parts = [
        table.group_by("unit", value=table[item.column].cast("float64"))
        .aggregate(n=lambda t: t.count())
        .mutate(item=ibis.literal(j))
        for j, item in enumerate(measure.items)
    ]
    found = (ibis.union(*parts) if len(parts) > 1 else parts[0]).to_pyarrow().to_pylist()
    values = sorted({row["value"] for row in found})
    at = {value: i for i, value in enumerate(values)}
    group = {unit: i for i, unit in enumerate(units)}
    counts = np.zeros((len(units), len(parts), len(values)))
    for row in found:
        counts[group[row["unit"]], row["item"], at[row["value"]]] = row["n"]
    return np.array(values), counts


def _spread(units: Sequence[str], found: Array) -> Json:
    told = found[np.isfinite(found)]
    ends = np.quantile(told, [0, 0.25, 0.5, 0.75, 1]) if len(told) else np.full(5, np.nan)
    names = ("min", "q1", "median", "q3", "max")
    return {
        **dict(zip(names, ends.tolist(), strict=True)),
        "mean": float(told.mean()) if len(told) else float("nan"),
        "values": dict(zip(units, found.tolist(), strict=True)),
    }


def _plain(found: Json) -> Json:
    def plain(value: object) -> object:
        if isinstance(value, Mapping):
            return {k: plain(v) for k, v in value.items()}
        return None if isinstance(value, float) and not isfinite(value) else value

    return {k: plain(v) for k, v in found.items()}


def _chain(file: str, items: tuple[str, ...], group: str, low: float, high: float) -> Chain:
    """Return a chain of one scale; a file without waves is read with the group in their place."""
    label = Words(group, group)
    measure = Measure(
        "scale", "scale", label, "file", tuple(Item(i) for i in items), "mean", Grain.PERSON,
        low, high, min_items=len(items),
    )  # fmt: skip
    return Chain(
        key="agreement",
        title=label,
        constructs=(Construct("scale", label, Side.EMPLOYEE),),
        measures=(measure,),
        links=(),
        sources=(Source("file", file, grain=Grain.PERSON),),
        units=Units(group, Plural(label, label)),
        waves=Waves(group, Plural(label, label)),
    )
