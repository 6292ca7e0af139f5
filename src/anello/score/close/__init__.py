"""Wave close: persons become frozen groups, and only sums of whole groups go on, past the gate."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

import ibis.expr.types as ir
import numpy as np
import pyarrow as pa

from anello.listen.sources.base import GIVEN, Rows
from anello.model.chain import Chain, Measure
from anello.model.errors import RefusedError
from anello.model.findings import Quality, UnitMean
from anello.model.topics import FEELING, TopicCount, fewest
from anello.protect.ledger import Candidate, Keeper, Row
from anello.store import panel as panels
from anello.store.panel import Cells, steady

from ..text.topics import all_topics
from .agreement import of_items, of_score, together
from .figures import Close, Figure, Span, close, learned
from .persons import Persons, columns_of, persons
from .topics import Spoken, counted, flags, spoken
from .weighted import weighted

__all__ = ["Closed", "Span", "answers", "closed"]

PARTS = {"score": of_score, "items": of_items}
"""What reliability is told of, the more useful first."""


@dataclass(frozen=True)
class Closed:
    """What one source of persons gave at the close of its waves.

    `cells` go into the panel; `told` are the means as they are shown: pooled units under one label,
    codes at the ends of the scale. `exact` are the (unit, wave, measure) that stand by themselves
    and whose mean is told, `reliable` the (wave, measure, part) whose reliability may leave;
    `lines` the hashes of the ledger.
    """

    cells: Cells
    told: tuple[UnitMean, ...]
    exact: frozenset[tuple[str, str, str]]
    reliable: frozenset[tuple[str, str, str]]
    lines: tuple[str, ...]
    topics: tuple[TopicCount, ...] = ()

    def shown(self, rows: Rows, measure: str) -> Rows:
        """Return the rows of the units whose mean of a measure is told, each by itself.

        A total that counted a unit whose mean is only coded would tell that mean, beside the
        others.
        """
        table = rows.table
        label = table["unit"].cast("string") + "\x1f" + table["wave"].cast("string")
        found = self.cells.table
        there = set(zip(found["unit"].to_pylist(), found["wave"].to_pylist(), strict=True))
        kept = {(u, w) for u, w, m in self.exact if m == measure}
        pooled = sorted(f"{u}\x1f{w}" for u, w in there - kept)
        return replace(rows, table=table.filter(~label.isin(pooled))) if pooled else rows

    def allowed(self, found: Sequence[Quality]) -> tuple[Quality, ...]:
        """Return the reliability that may leave, part by part; None stands for the rest."""
        return tuple(self._part(q) for q in found)

    def _part(self, q: Quality) -> Quality:
        there = self.cells.table["wave"].to_pylist().count(q.wave)
        q = replace(q, withheld=there - q.units)
        if (q.wave, q.measure, "items") not in self.reliable:
            q = replace(q, alpha=None, omega=None, rwg=None)
        if (q.wave, q.measure, "score") not in self.reliable:
            q = replace(q, sd=np.nan, icc1=None, icc2=None)
        return q


def answers(rows: Rows, measures: Sequence[Measure], chain: Chain) -> tuple[str, ...]:
    """Return the columns of answers that closing a source reads, each once."""
    return tuple(dict.fromkeys((*columns_of(measures), *flags(rows, all_topics(chain.topics)))))


def closed(
    rows: Rows,
    scored: ir.Table,
    measures: Sequence[Measure],
    spans: Mapping[str, Span],
    chain: Chain,
    keeper: Keeper,
) -> Closed:
    """Close every wave of a source, oldest first; raises `RefusedError` when the gate does.

    `scored` has `unit`, `wave`, the scores and weights of `measures`, and each column of
    `answers(...)` as `answer <column>`. The people of one wave are in memory at a time.
    """
    paths = _paths(rows, chain.units.hierarchy)
    found = sorted({w for _, w in paths if w is not None})
    seed, topics = keeper.seed(), all_topics(chain.topics)
    done = [
        _wave(rows, scored, measures, spans, chain, keeper, seed, wave, paths)
        for wave in chain.waves.sort(set(found))
    ]
    sides = {m.key: chain.side(m.key).value for m in measures}
    hidden = {m.key: sum(d.hidden[m.key] for d in done) for m in measures}
    table = pa.concat_tables([d.table for d in done])
    return Closed(
        Cells(table, tuple(measures), hidden),
        tuple(t for d in done for t in d.told),
        frozenset(a for d in done for a in d.exact),
        frozenset(r for d in done for r in d.reliable),
        tuple(h for d in done for h in d.lines),
        counted([s for d in done for s in d.spoken], topics, sides),
    )


@dataclass(frozen=True)
class _Done:
    table: pa.Table
    hidden: dict[str, int]
    told: tuple[UnitMean, ...]
    exact: frozenset[tuple[str, str, str]]
    reliable: frozenset[tuple[str, str, str]]
    lines: tuple[str, ...]
    spoken: tuple[Spoken, ...]


def _wave(
    rows: Rows,
    scored: ir.Table,
    measures: Sequence[Measure],
    spans: Mapping[str, Span],
    chain: Chain,
    keeper: Keeper,
    seed: bytes,
    wave: str,
    paths: Mapping[tuple[str, str], tuple[str, ...]],
) -> _Done:
    name = f"{rows.source.key}/{wave}"
    told = keeper.recall(name)
    known = {column: form for column, (form, _) in told.columns.items()}
    topics = all_topics(chain.topics)
    people = persons(scored, measures, wave, learned(measures, known, flags(rows, topics)))
    first = {way[-1]: way for way in told.ways}
    ways = [first.get(u) or paths.get((u, wave), (u,)) for u in people.units]
    plain = [m for m in measures if m.weight is None]
    made = close(people, plain, spans, ways, chain.disclosure, seed, rows.source.key, known)
    more, asked = weighted(
        people,
        [m for m in measures if m.weight is not None],
        spans,
        made,
        chain.disclosure,
        seed,
    )
    candidates = (*made.candidates, *asked)
    lines = keeper.admit(candidates) if candidates else ()
    figures = (*made.figures, *more)
    exact = frozenset(
        (f.units[0], f.measure)
        for f in figures
        if len(f.units) == 1 and not f.code and not f.partly
    )
    reliable, others = _reliable(people, measures, exact, made, keeper)
    floor = fewest(FEELING, chain.disclosure)
    told_of, more_lines = spoken(people, rows.comments, topics, made, floor, keeper, seed)
    return _Done(
        _table(people, measures, figures, wave),
        _hidden(people, measures, figures),
        tuple(_mean(f, wave) for f in figures),
        frozenset((u, wave, m) for u, m in exact),
        frozenset((wave, *r) for r in reliable),
        tuple(row.hash for row in (*lines, *others, *more_lines)),
        tuple(told_of),
    )


def _reliable(
    people: Persons,
    measures: Sequence[Measure],
    exact: frozenset[tuple[str, str]],
    made: Close,
    keeper: Keeper,
) -> tuple[frozenset[tuple[str, str]], tuple[Row, ...]]:
    """Ask for the reliability of all measures at once, then one by one; return what may leave."""
    asked: dict[tuple[str, str], Candidate] = {}
    for m in measures:
        used = np.array([(u, m.key) in exact for u in people.homes])[people.home]
        for part, of in PARTS.items():
            found = of(people, m, used, made.wave, made.people)
            if found is not None:
                asked[m.key, part] = found
    if not asked:
        return frozenset(), ()
    with suppress(RefusedError):
        return frozenset(asked), keeper.admit([together(list(asked.values()))])
    kept: set[tuple[str, str]] = set()
    lines: list[Row] = []
    for part in PARTS:
        for key in (k for k in asked if k[1] == part):
            with suppress(RefusedError):
                lines += keeper.admit([asked[key]])
                kept.add(key)
    return frozenset(kept), tuple(lines)


def _answers(people: Persons, key: str) -> np.ndarray:
    """Return how many of each unit have a score."""
    there = np.isfinite(people.scores[key])
    return np.bincount(people.home[there], minlength=len(people.homes))


def _table(
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


def _hidden(
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


def _mean(f: Figure, wave: str) -> UnitMean:
    mean = f.mean if f.bound is None else f.bound
    return UnitMean(f.measure, f.label, wave, float(steady(np.array(mean))), f.n, f.code)


def _paths(rows: Rows, hierarchy: Sequence[str]) -> dict[tuple[str, str], tuple[str, ...]]:
    """Return the way from the top of the hierarchy to each unit as given, in each wave.

    Units that merged stand beside one another under the name of today, so that small ones join
    those that they merged with first.
    """
    table, given = rows.table, GIVEN in rows.table.columns
    if given:
        table = table.mutate(unit=table[GIVEN], home=table["unit"])
    columns = [*hierarchy, "home"] if given else list(hierarchy)
    found = {}
    for row in panels.facts(table, columns).to_pylist():
        above = [str(row.get(name) or "") for name in hierarchy if name in row]
        merged = [row["home"]] if given and row["home"] != row["unit"] else []
        found[row["unit"], row["wave"]] = (*above, *merged, row["unit"])
    return found
