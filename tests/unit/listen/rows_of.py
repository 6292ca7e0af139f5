"""Reading a source in a test: a chain of a few lines, files written on the spot."""

from pathlib import Path

import ibis

from anello.listen import chain_file, sources
from anello.listen.sources.base import AT
from anello.model.chain import Chain

UNIT_LEVEL = """
anello: 1
key: shops
units: {{column: shop{units}}}
waves: {{column: wave{waves}}}
sources: {{till: {{{source}}}}}
constructs: {{sales: {{side: money}}}}
measures: {{sales: {{column: sales{measure}}}}}
links: []
"""

PERSON_LEVEL = """
anello: 1
key: shops
units: {{column: shop{units}}}
waves: {{column: wave{waves}}}
sources: {{survey: {{grain: person, {source}}}}}
constructs: {{mood: {{side: employee}}}}
measures: {{mood: {{items: [q1, q2], low: 1, high: 5, scoring: mean{measure}}}}}
links: []
"""


def chain(text: str = UNIT_LEVEL, **parts: str) -> Chain:
    """Return a chain; `source`, `units`, `waves` and `measure` are put into its lines."""
    blanks = dict.fromkeys(("units", "waves", "measure"), "")
    return chain_file.read_text(text.format(**{**blanks, **parts}))


def read(found: Chain, folder: Path) -> sources.Rows:
    """Read the first source of a chain into a fresh database."""
    return sources.read(found.sources[0], found, folder, ibis.duckdb.connect())


def records(rows: sources.Rows) -> list[dict[str, object]]:
    """Return the rows in the order of unit and wave, without their places in the file."""
    table = rows.table.drop(AT) if AT in rows.table.columns else rows.table
    found = table.to_pyarrow().to_pylist()
    return sorted(found, key=lambda r: [str(r[c]) for c in ("unit", "wave")])


def sales(rows: sources.Rows) -> dict[tuple[str, str], float | None]:
    """Return the sales of each shop and wave."""
    return {(r["unit"], r["wave"]): r["sales"] for r in records(rows)}
