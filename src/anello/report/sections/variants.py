"""The same claims looked at another way: if a cut or another source tells otherwise, say so."""

from typing import Any

from anello.model.disclosure import band
from anello.model.evidence import Evidence, Variant
from anello.report.numbers import fixed, known, ranged, whole
from anello.report.reading import Pair, Reading
from anello.report.sentences import heading

from .base import Section


def _size(reading: Reading, v: Variant) -> str:
    at, low, high = known(v.standardised), known(v.low), known(v.high)
    if at is None:
        return "–"
    text = fixed(at, 2, reading.language, sign=True)
    return text if low is None or high is None else f"{text} {reading.interval(low, high)}"


def _row(reading: Reading, e: Evidence, v: Variant) -> dict[str, Any]:
    n = whole(v.n, reading.language)
    if e.persons:
        low, high = band(v.n)
        n = ranged(whole(low, reading.language), whole(high or low, reading.language))
    return {
        "level": heading(reading, e.level), "label": named(reading, v),
        "size": _size(reading, v), "units": v.units, "waves": v.waves, "n": n,
    }  # fmt: skip


def named(reading: Reading, v: Variant) -> str:
    """Return what a variant looked at, from its name: `peers:Acute`, `wave:2019`, `second:shmi`."""
    kind, _, of = v.name.partition(":")
    if kind == "wave" and of:
        return reading.say("{wave} {key} alone", wave=reading.wave(1), key=of)
    if kind == "peers" and of:
        return reading.say("only the peers {group}", group=of)
    if kind == "pooled" and of:
        return reading.say("every unit and wave of {group} as one row", group=of)
    if kind in ("first", "second") and of:
        return reading.say("with {measure}, where both were extracted", measure=reading.inline(of))
    return reading.told(v.label)


def _group(reading: Reading, pair: Pair) -> dict[str, Any]:
    rows = [_row(reading, e, v) for e in pair.rows for v in e.variants]
    return {"link": reading.title(pair.link), "rows": rows}


def _context(reading: Reading) -> dict[str, Any] | None:
    groups = [_group(reading, pair) for pair in reading.pairs]
    groups = [group for group in groups if group["rows"]]
    return {"groups": groups} if groups else None


SECTION = Section("The same links, looked at another way", _context)
