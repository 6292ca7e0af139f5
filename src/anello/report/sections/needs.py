"""What to measure next: what would settle each open verdict, and what nothing measures yet."""

from typing import Any

from anello.model.evidence import Verdict
from anello.report.headline import unmeasured
from anello.report.reading import Reading
from anello.report.sentences import heading, needs

from .base import Section

OPEN = (Verdict.CANNOT_TELL_YET, Verdict.CANNOT_BE_TOLD, Verdict.DESCRIBED_ONLY)


def wanted(reading: Reading) -> list[dict[str, str]]:
    """Return every open question with what it would take, levels of one link apart."""
    return [
        {"link": reading.title(pair.link), "level": heading(reading, e.level),
         "needs": needs(reading, e.needs)}
        for pair in reading.pairs
        for e in pair.rows
        if e.needs is not None and e.verdict in OPEN
    ]  # fmt: skip


def _context(reading: Reading) -> dict[str, Any] | None:
    rows, missing = wanted(reading), unmeasured(reading)
    return {"rows": rows, "missing": missing} if rows or missing else None


SECTION = Section("What to measure next", _context)
