"""What these data could have found: the smallest effect they show, and the chance of an answer."""

from typing import Any

from anello.model.plan import Prospect
from anello.report.numbers import fixed
from anello.report.plan_lines import chance
from anello.report.reading import Reading
from anello.report.sentences import heading

from .base import Section


def _row(reading: Reading, p: Prospect, link: str) -> dict[str, Any]:
    size = "–" if p.detectable is None else fixed(p.detectable, 2, reading.language)
    return {
        "link": link,
        "level": heading(reading, p.level),
        "units": p.units,
        "waves": p.waves,
        "detectable": size,
        "worth": "–" if p.worth is None else fixed(p.worth, 2, reading.language),
        "seen": chance(p.seen, reading.language),
        "nothing": chance(p.nothing, reading.language),
    }


def _context(reading: Reading) -> dict[str, Any] | None:
    found = {(p.claim, p.level, p.only): p for p in reading.findings.prospects}
    told = [
        (reading.title(pair.link), found.get((e.claim, e.level, e.only)))
        for pair in reading.pairs
        for e in pair.rows
    ]
    rows = [_row(reading, p, link) for link, p in told if p is not None]
    return {"rows": rows} if rows else None


SECTION = Section("What this could have found", _context)
