"""Wave close: persons become frozen groups, and only sums of whole groups go on, past the gate."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import ibis.expr.types as ir
import numpy as np
import pyarrow as pa

from anello.listen.sources.base import Rows
from anello.model.chain import Chain, Measure
from anello.model.findings import Quality, UnitMean
from anello.model.notes import Note
from anello.model.topics import FEELING, TopicCount, fewest
from anello.protect.ledger import Keeper
from anello.store.panel import Cells, Panel

from ..text.topics import all_topics
from .asking import admitted, reliable
from .cells import hidden, shown, table
from .figures import Span, close, learned
from .persons import columns_of, persons
from .places import Eligible, blocked, note, rates, ways
from .reading import reading
from .topics import Spoken, counted, flags, spoken
from .weighted import weighted

__all__ = ["Closed", "Closing", "Span", "answers", "closed", "responses"]


@dataclass(frozen=True)
class Closed:
    """What one source of persons gave at the close of its waves.

    `cells` go into the panel; `told` are the means as they are shown: pooled units under one label,
    codes at the ends of the scale. `exact` are the (unit, wave, measure) that stand by themselves
    and whose mean is told, `reliable` the (wave, measure, part) whose reliability may leave;
    `lines` the hashes of the ledger. `notes` say what is blocked or refused, `rates` are the shares
    of each (unit, wave) that answered, where it is known how many may.
    """

    cells: Cells
    told: tuple[UnitMean, ...]
    exact: frozenset[tuple[str, str, str]]
    reliable: frozenset[tuple[str, str, str]]
    lines: tuple[str, ...]
    topics: tuple[TopicCount, ...] = ()
    notes: tuple[Note, ...] = ()
    rates: Mapping[tuple[str, str], float] = field(default_factory=dict)

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


@dataclass(frozen=True, eq=False)
class Closing:
    """A source of persons that is about to be closed.

    `scored` has `unit`, `wave`, the scores and weights of `measures`, and each column of
    `answers(...)` as `answer <column>`; `spans` are the ends of each score; paths count
    from `folder`.
    """

    rows: Rows
    scored: ir.Table
    measures: tuple[Measure, ...]
    spans: Mapping[str, Span]
    chain: Chain
    eligible: Eligible
    folder: Path


def closed(closing: Closing, keeper: Keeper) -> Closed:
    """Close every wave of a source, oldest first; raises `RefusedError` when the gate does.

    The people of one wave are in memory at a time.
    """
    chain, measures = closing.chain, closing.measures
    paths = ways(closing.rows, chain.units.hierarchy)
    found = {w for _, w in paths if w is not None}
    done = [_wave(closing, keeper, wave, paths) for wave in chain.waves.sort(found)]
    topics = all_topics(chain.topics)
    sides = {m.key: chain.side(m.key).value for m in measures}
    withheld = {m.key: sum(d.hidden[m.key] for d in done) for m in measures}
    cells = pa.concat_tables([d.table for d in done])
    return Closed(
        Cells(cells, measures, withheld),
        tuple(t for d in done for t in d.told),
        frozenset(a for d in done for a in d.exact),
        frozenset(r for d in done for r in d.reliable),
        tuple(h for d in done for h in d.lines),
        counted([s for d in done for s in d.spoken], topics, sides),
        (*note(b for d in done for b in d.blocked), *(n for d in done for n in d.notes)),
        {cell: rate for d in done for cell, rate in d.rates.items()},
    )


def responses(panel: Panel, closings: Sequence[Closed]) -> dict[str, np.ndarray]:
    """Return the shares that answered, also of measures that declare none, by unit and wave."""
    found = dict(panel.response)
    for c in (c for c in closings if c.rates):
        rate = np.array([[c.rates.get((u, w), np.nan) for w in panel.waves] for u in panel.units])
        found = {m.key: rate for m in c.cells.measures} | found
    return found


@dataclass(frozen=True)
class _Done:
    table: pa.Table
    hidden: dict[str, int]
    told: tuple[UnitMean, ...]
    exact: frozenset[tuple[str, str, str]]
    reliable: frozenset[tuple[str, str, str]]
    lines: tuple[str, ...]
    spoken: tuple[Spoken, ...]
    blocked: frozenset[tuple[str, str]]
    rates: dict[tuple[str, str], float]
    notes: tuple[Note, ...]


def _wave(
    closing: Closing, keeper: Keeper, wave: str, paths: Mapping[tuple[str, str], tuple[str, ...]]
) -> _Done:
    rows, measures, chain = closing.rows, closing.measures, closing.chain
    seed, topics, floors = keeper.seed(), all_topics(chain.topics), chain.disclosure
    name = f"{rows.source.key}/{wave}"
    told = keeper.recall(name)
    known = {column: form for column, (form, _) in told.columns.items()}
    people = persons(closing.scored, measures, wave, learned(measures, known, flags(rows, topics)))
    first = {way[-1]: way for way in told.ways}
    led = [first.get(u) or paths.get((u, wave), (u,)) for u in people.units]
    shut = blocked(people, closing.eligible)
    made = close(people, measures, closing.spans, led, floors, seed, name, known, shut)
    more, asked = weighted(people, measures, closing.spans, made, floors, seed)
    keeper = keeper.of(reading(rows, chain, wave, keeper), people.at)
    figures, lines, left_out = admitted(made, measures, more, asked, keeper)
    alone = [f for f in figures if len(f.units) == 1 and not f.code and not f.partly]
    exact = frozenset((f.units[0], f.measure) for f in alone)
    sure, others = reliable(people, measures, exact, made, keeper)
    floor = fewest(FEELING, floors)
    told_of, more_lines, unsaid = spoken(people, rows.comments, topics, made, floor, keeper, seed)
    return _Done(
        table(people, measures, figures, wave),
        hidden(people, measures, figures),
        tuple(shown(f, wave) for f in figures),
        frozenset((u, wave, m) for u, m in exact),
        frozenset((wave, *r) for r in sure),
        tuple(row.hash for row in (*lines, *others, *more_lines)),
        tuple(told_of),
        frozenset((unit, wave) for unit in shut),
        {(unit, wave): rate for unit, rate in rates(people, closing.eligible).items()},
        (*left_out, *unsaid),
    )
