"""Links in money: every path and every cost with its interval, or the reason why there is none."""

from typing import Any

from anello.model.money import MoneyFigure, WhatIf
from anello.report.money_words import beside, counts, sentence, way
from anello.report.numbers import short
from anello.report.reading import Reading

from .base import Section


def _row(reading: Reading, figure: MoneyFigure) -> dict[str, Any]:
    return {
        "title": way(reading, figure),
        "refused": figure.refused is not None,
        "say": sentence(reading, figure),
        "beside": beside(reading, figure),
        "counts": counts(reading, figure),
    }


def what_if(reading: Reading, told: WhatIf | None) -> dict[str, str] | None:
    """Return the what-if of a famous chain, and the banner without which it is not shown."""
    if told is None:
        return None
    words = {name: short(getattr(told, name), reading.language)
             for name in ("attitude", "customer", "growth")}  # fmt: skip
    text = reading.say(
        "Sears: {attitude} points more of staff attitude would go with {customer} points of "
        "customer impression and {growth} % of revenue growth.",
        **words,
    )
    return {"text": text, "banner": told.banner.get(reading.language)}


def _context(reading: Reading) -> dict[str, Any] | None:
    found = reading.findings
    asked = what_if(reading, found.what_if)
    if not found.money and asked is None:
        return None
    paths = [_row(reading, f) for f in found.money if f.kind == "path"]
    costs = [f for f in found.money if f.kind != "path"]
    return {
        "paths": paths,
        "costs": [_row(reading, f) for f in costs],
        "of": reading.measure(costs[0].path[0]) if costs else "",
        "asked": asked,
    }


SECTION = Section("In money", _context)
