"""What an outcome goes with, and in which shares; a share is no lever."""

from itertools import groupby
from typing import Any

from anello.model.evidence import Level
from anello.model.findings import Driver
from anello.report.numbers import fixed
from anello.report.reading import Reading
from anello.report.sentences import heading

from .base import Section


def _row(reading: Reading, d: Driver) -> dict[str, Any]:
    return {
        "theme": reading.measure(d.theme),
        "share": f"{fixed(100 * d.lmg, 0, reading.language)} %",
        "wide": f"{max(0.0, min(100.0, 100 * d.lmg)):.1f}",
        "weight": f"{fixed(100 * d.weight, 0, reading.language)} %",
        "r": fixed(d.r, 2, reading.language, sign=True),
        "beta": fixed(d.beta, 2, reading.language, sign=True),
    }


def _group(reading: Reading, drivers: list[Driver]) -> dict[str, Any]:
    first = drivers[0]
    levels = {level.value: heading(reading, level) for level in Level}
    return {
        "outcome": reading.measure(first.outcome),
        "level": levels.get(first.level, reading.told(first.level)),
        "r2": f"{fixed(100 * first.r2, 0, reading.language)} %",
        "units": reading.units(first.units),
        "rows": [_row(reading, d) for d in sorted(drivers, key=lambda d: -d.lmg)],
    }


def _context(reading: Reading) -> dict[str, Any] | None:
    rows = groupby(reading.findings.drivers, key=lambda d: (d.outcome, d.level))
    groups = [_group(reading, list(drivers)) for _, drivers in rows]
    return {"groups": groups} if groups else None


SECTION = Section("What goes with what", _context)
