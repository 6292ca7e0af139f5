"""What moments ask of an engine, written once: which products of which columns are summed.

Two engines speak it: Ibis, for any table of any backend, and DuckDB's own SQL, for a file on the
command line. A contract test holds their answers equal.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Any

from anello.stats.mixed.design import ONES, Design
from anello.stats.mixed.terms import Algebra, evaluate, stays_integer

SAMPLE = 10_000
NARROW = 4


@dataclass(frozen=True, slots=True)
class Plan:
    """The sums to take: `shift` is subtracted from each column before anything is multiplied.

    `whole` columns are integers and are summed as integers, exactly, in any order. Of `constant`
    columns the least and the largest of each group are asked for too.
    """

    design: Design
    shift: tuple[float, ...]
    whole: tuple[bool, ...]
    constant: tuple[str, ...] = ()

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
        0.0 if c.indicator or not mean or not isfinite(mean) else near(mean, is_whole)
        for c, mean, is_whole in found
    )
    return Plan(design, shift, whole)


def near(mean: float, whole: bool) -> float:
    """Return a shift near a mean that is written in few digits."""
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
