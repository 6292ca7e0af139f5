"""How often each topic is spoken of, by unit and in all: only groups above the floor."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

import ibis
import ibis.expr.types as ir

from anello.model.chain import Chain, Measure
from anello.model.topics import Topic, TopicCount

FEELING = "__feeling"


def counts(
    joined: ir.Table, measure: Measure, chain: Chain, topics: Sequence[Topic], floor: int
) -> tuple[TopicCount, ...]:
    """Return the counts of a measure's comments, for all units (unit "") and for each.

    People are known to be different only inside a wave, so a cell is a unit in a wave: below
    `floor` comments on a topic it is NULL in the query and enters no sum. The sums over waves are
    of the cells that remain.
    """
    side = chain.side(measure.key).value
    found: list[TopicCount] = []
    for by in ((), ("unit",)):
        for unit, sums in _cells(joined, by, topics, floor).items():
            found += _of_unit(measure.key, side, unit, sums, topics)
    return tuple(found)


def _of_unit(
    measure: str, side: str, unit: str, sums: Mapping[str, float], topics: Sequence[Topic]
) -> list[TopicCount]:
    comments = round(sums["n"])
    rows = []
    for topic in topics:
        n = round(sums.get(f"n_{topic.key}", 0.0))
        if n and comments:
            mean = sums[f"s_{topic.key}"] / n
            rows.append(TopicCount(measure, side, unit, topic.key, topic.label, n, comments, mean))
    return rows


def _cells(
    joined: ir.Table, by: tuple[str, ...], topics: Sequence[Topic], floor: int
) -> dict[str, dict[str, float]]:
    here = joined.filter(joined[FEELING].notnull())
    every = here.count()
    columns: dict[str, ir.Value] = {"n": ibis.ifelse(every >= floor, every, None)}
    for topic in topics:
        on = here[f"__on_{topic.key}"]
        n = on.sum()
        columns[f"n_{topic.key}"] = ibis.ifelse(n >= floor, n, None)
        columns[f"s_{topic.key}"] = ibis.ifelse(n >= floor, (on * here[FEELING]).sum(), None)
    found = here.group_by(*by, "wave").aggregate(**columns).to_pyarrow().to_pylist()
    sums: dict[str, dict[str, float]] = {}
    for row in sorted(found, key=lambda r: (str(r.get("unit")), str(r["wave"]))):
        cell = sums.setdefault(str(row.get("unit") or ""), defaultdict(float))
        for name in columns:
            cell[name] += float(row[name] or 0.0)
    return sums
