"""The figures of a closed wave as rows of the panel, and as they are shown."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from anello.model.chain import Measure
from anello.model.findings import UnitMean
from anello.store.panel import steady

from .figures import Figure
from .persons import Persons


def table(
    people: Persons, measures: Sequence[Measure], figures: Sequence[Figure], wave: str
) -> pa.Table:
    """Return the figures of the units that stand alone as rows of the panel; the others empty."""
    known = {(f.measure, f.units[0]): f for f in figures if len(f.units) == 1}
    columns: dict[str, pa.Array] = {
        "unit": pa.array(people.homes, pa.string()),
        "wave": pa.array([wave] * len(people.homes), pa.string()),
    }
    for m in measures:
        mine = [known.get((m.key, u)) for u in people.homes]
        columns[f"{m.key}__mean"] = pa.array([f and f.mean for f in mine], pa.float64())
        columns[f"{m.key}__n"] = pa.array([f.n if f else 0 for f in mine], pa.int64())
    return pa.table(columns)


def hidden(
    people: Persons, measures: Sequence[Measure], figures: Sequence[Figure]
) -> dict[str, int]:
    """Return for each measure how many units with answers have no figure of their own."""
    known = {(f.measure, f.units[0]) for f in figures if len(f.units) == 1}
    return {
        m.key: sum(
            bool(n) and (m.key, u) not in known
            for u, n in zip(people.homes, _answers(people, m.key), strict=True)
        )
        for m in measures
    }


def _answers(people: Persons, key: str) -> np.ndarray:
    """Return how many of each unit have a score."""
    there = np.isfinite(people.scores[key])
    return np.bincount(people.home[there], minlength=len(people.homes))


def shown(f: Figure, wave: str) -> UnitMean:
    """Return a figure as a reader sees it: a coded one by its bound."""
    mean = f.mean if f.bound is None else f.bound
    return UnitMean(f.measure, f.label, wave, float(steady(np.array(mean))), f.n, f.code)
