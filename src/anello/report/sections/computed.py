"""How every number came to be: method, version, what was read, which gate let it out."""

from typing import Any

from anello.model.chain import Grain
from anello.model.findings import SourceFact
from anello.report.numbers import whole
from anello.report.reading import Reading

from .base import Section


def _context(reading: Reading) -> dict[str, Any] | None:
    found = reading.findings
    sources = [
        {"key": s.key, "kind": s.kind, "rows": _rows(reading, s),
         "print": s.fingerprint[:12], "full": s.fingerprint,
         "notes": [reading.note(note) for note in s.notes]}
        for s in found.sources
    ]  # fmt: skip
    methods = [(e.design.grade, reading.told(e.method)) for e in found.evidence]
    return {
        "found": found,
        "gate": reading.told(reading.gate),
        "sources": sources,
        "methods": list(dict.fromkeys(sorted(methods))),
        "default_worth": any(not link.worth.declared for link in reading.chain.links),
    }


def _rows(reading: Reading, s: SourceFact) -> str:
    """Return how many rows were read; of persons only the band leaves."""
    if reading.chain.source(s.key).grain is Grain.PERSON:
        return reading.people(s.rows)
    return whole(s.rows, reading.language)


SECTION = Section("How it was computed", _context)
