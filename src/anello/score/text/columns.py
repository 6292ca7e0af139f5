"""Columns of comments turned into columns of numbers, before anything else looks at them.

A word list cannot be said in SQL, so this is the one place where what people wrote is held in
Python: each different comment once, for as long as it is coded. The numbers go back to the rows,
the comments do not go on.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import ibis
import ibis.expr.types as ir
import pyarrow as pa
from ibis.backends.duckdb import Backend as DuckDB

from anello.listen.sources.base import Rows
from anello.model.chain import Chain, Item, Measure
from anello.model.errors import ChainFileError
from anello.model.topics import Accuracy, Topic, flag
from anello.store.database import memory

from . import corrections as corrected
from .accuracy import Row
from .coding import Coded, code
from .corrections import Correction
from .encoder import encoder
from .language import declared
from .topic_learning import TopicAgreement
from .topics import all_topics

TEXT, SPOKEN, FEELING = "__text", "__spoken", "__feeling"


@dataclass(frozen=True)
class Texts:
    """A chain and its rows with numbers in the place of comments, and how sure the numbers are."""

    chain: Chain
    rows: tuple[Rows, ...]
    accuracy: tuple[Accuracy, ...] = ()


def check(chain: Chain) -> None:
    """Raise `ChainFileError` when a measure counts a topic that nobody listed."""
    known = [t.key for t in all_topics(chain.topics)]
    for measure in chain.measures:
        if measure.topic is not None and measure.topic not in known:
            raise ChainFileError(
                "there is no topic called {topic!r}; add it under `topics`, or use one of: "
                "{known}.",
                path=("measures", measure.key, "topic"),
                topic=measure.topic,
                known=", ".join(known),
            )


def coded(chain: Chain, rows: Sequence[Rows], folder: Path) -> Texts:
    """Return the chain and its rows with every column of comments turned into numbers.

    Rows of sources without comments pass unchanged. The corrections file counts from `folder`, and
    its content changes the fingerprint of the rows. Raises `ChainFileError` and `SourceError`.
    """
    check(chain)
    if not any(m.reads_text for m in chain.measures):
        return Texts(chain, tuple(rows))
    topics = all_topics(chain.topics)
    right, mark = _corrections(chain, folder, topics)
    done = Texts(chain, ())
    for one in rows:
        done = _add(done, one, topics, right, mark)
    measures = tuple(_numeric(m) if m.reads_text else m for m in chain.measures)
    return replace(done, chain=replace(chain, measures=measures))


def _corrections(
    chain: Chain, folder: Path, topics: tuple[Topic, ...]
) -> tuple[dict[str, Correction], str]:
    if chain.comments.corrections is None:
        return {}, ""
    path = folder / chain.comments.corrections
    found = corrected.read(path, [t.key for t in topics])
    return found, corrected.fingerprint(path)


def _numeric(measure: Measure) -> Measure:
    column = measure.items[0].column
    return replace(measure, items=(Item(flag(column, measure.topic)),))


def _add(
    done: Texts, rows: Rows, topics: tuple[Topic, ...], right: dict[str, Correction], mark: str
) -> Texts:
    measures = [m for m in done.chain.measures if m.source == rows.source.key and m.reads_text]
    if not measures:
        return replace(done, rows=(*done.rows, rows))
    table, db = _local(rows)
    spoken = done.chain.comments.language
    shown: tuple[tuple[str, str], ...] = ()
    for column in dict.fromkeys(m.items[0].column for m in measures):
        found, codes = _read(table, column, spoken, topics, right, done.chain.comments.vectors)
        mine = [m for m in measures if m.items[0].column == column]
        joined = _joined(table, column, spoken, db.create_table("__codes", codes, temp=True))
        table = _kept(joined, column, topics)
        shown = (*shown, (mine[0].key, column))
        table = db.create_table(f"coded {rows.source.key} {column}", table, overwrite=True)
        db.drop_table("__codes")
        done = replace(done, accuracy=done.accuracy + _accuracy(mine[0].key, found, topics))
    if spoken in table.columns:
        table = table.drop(spoken)
    one = replace(rows, table=table, fingerprint=rows.fingerprint + mark, comments=shown)
    return replace(done, rows=(*done.rows, one))


def _local(rows: Rows) -> tuple[ir.Table, DuckDB]:
    """Return the rows where Python's numbers can be put beside them: in DuckDB's memory."""
    backend = rows.table.get_backend()
    if isinstance(backend, DuckDB):
        return rows.table, backend
    db = memory()
    return db.create_table("rows", rows.table.to_pyarrow()), db


def _read(
    table: ir.Table,
    column: str,
    spoken: str | None,
    topics: tuple[Topic, ...],
    right: dict[str, Correction],
    vectors: bool,
) -> tuple[Coded, pa.Table]:
    """Code each different comment once."""
    told = _told(table, column, spoken)
    met = told.group_by(TEXT, SPOKEN).aggregate(n=told.count()).order_by(TEXT, SPOKEN).to_pyarrow()
    texts = met[TEXT].to_pylist()
    said = [declared(s) for s in met[SPOKEN].to_pylist()]
    weights = met["n"].to_pylist()
    found = code(texts, said, topics, right, encoder() if vectors else None, weights)
    columns = {TEXT: met[TEXT], SPOKEN: met[SPOKEN]}
    columns[FEELING] = pa.array([c.centred for c in found.codes], pa.float64())
    for topic in topics:
        flags = [float(topic.key in c.topics) for c in found.codes]
        columns[f"__on_{topic.key}"] = pa.array(flags, pa.float64())
    return found, pa.table(columns)


def _told(table: ir.Table, column: str, spoken: str | None) -> ir.Table:
    """Return comment and declared language of the rows that hold a comment."""
    text = table[column].cast("string").strip()
    language = ibis.literal("")
    if spoken is not None and spoken in table.columns:
        language = ibis.coalesce(table[spoken].cast("string"), "")
    found = table.mutate(**{TEXT: text, SPOKEN: language})
    return found.filter(found[TEXT] != "")


def _joined(table: ir.Table, column: str, spoken: str | None, codes: ir.Table) -> ir.Table:
    language = ibis.literal("")
    if spoken is not None and spoken in table.columns:
        language = ibis.coalesce(table[spoken].cast("string"), "")
    here = table.mutate(**{TEXT: table[column].cast("string").strip(), SPOKEN: language})
    return here.left_join(codes, [TEXT, SPOKEN]).drop(f"{TEXT}_right", f"{SPOKEN}_right")


def _kept(joined: ir.Table, column: str, topics: Sequence[Topic]) -> ir.Table:
    """Return the rows with the tone and the topics of their comments, and no comment."""
    wanted = {flag(column, t.key): joined[f"__on_{t.key}"] for t in topics}
    wanted[flag(column)] = joined[FEELING]
    kept = [c for c in joined.columns if c != column and not c.startswith("__")]
    return joined.select(*kept, **wanted)


def _accuracy(measure: str, found: Coded, known: Sequence[Topic]) -> tuple[Accuracy, ...]:
    """Return the accuracy of each language and topic; without labels, one line that says so."""
    rows = () if found.learned is None else found.learned.accuracy
    topics = () if found.topics is None else found.topics.accuracy
    if not rows and not topics:
        return (Accuracy(measure, "", "words", 0),)
    return (
        *(_row(measure, row) for row in rows),
        *(_of_topic(measure, row, known) for row in topics),
    )


def _of_topic(measure: str, row: TopicAgreement, known: Sequence[Topic]) -> Accuracy:
    figures = (row.n, row.share, row.low, row.high, row.commonest, row.topic, row.used)
    label = next(t.label for t in known if t.key == row.topic)
    return Accuracy(measure, row.language, row.how, *figures, label)


def _row(measure: str, row: Row) -> Accuracy:
    interval = (row["accuracy"], row["low"], row["high"])
    return Accuracy(measure, row["language"], row["how"], row["n"], *interval, row["commonest"])
