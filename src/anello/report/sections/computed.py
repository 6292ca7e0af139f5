"""How every number came to be: method, version, what was read, which gate let it out."""

from typing import Any

from anello.report.numbers import whole
from anello.report.reading import Reading

from .base import Section


def _context(reading: Reading) -> dict[str, Any] | None:
    found = reading.findings
    sources = [
        {"key": s.key, "kind": s.kind, "rows": whole(s.rows, reading.language),
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


SECTION = Section("How it was computed", _context)
