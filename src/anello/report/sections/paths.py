"""What passes through the whole chain, from its beginnings to its ends, on both levels."""

from typing import Any

from markupsafe import Markup

from anello.model.evidence import BLOCK, PASS, Level
from anello.model.paths import DIRECT, INDIRECT, TOTAL, PathEffect, PathModel
from anello.report.drawing.arrows import Mark, arrow, axis_of
from anello.report.drawing.icons import CHECKS, icon
from anello.report.numbers import fixed, whole
from anello.report.reading import Reading
from anello.report.sentences import heading, where

from .base import Section

KINDS = {DIRECT: "Direct", INDIRECT: "Through others", TOTAL: "In all"}
LEVELS = (Level.BETWEEN, Level.WITHIN)


def _ends(model: PathModel) -> list[tuple[str, str]]:
    """Return every beginning and end of the chain that a way of two links or more joins."""
    sources, targets = ({pair[i] for pair in model.links} for i in (0, 1))
    found = [(e.source, e.target) for e in model.of(INDIRECT, Level.WITHIN)]
    return [(a, b) for a, b in found if a not in targets and b not in sources]


def _at(model: PathModel, ends: tuple[str, str], level: Level) -> PathEffect:
    return next(e for e in model.of(INDIRECT, level) if (e.source, e.target) == ends)


def _card(reading: Reading, model: PathModel, ends: tuple[str, str], number: int) -> dict[str, Any]:
    key = f"path-{number}"
    effects = [_at(model, ends, level) for level in LEVELS]
    marks = [_mark(e) for e in effects]
    on = axis_of(marks)
    halves = []
    for e, mark in zip(effects, marks, strict=True):
        name = heading(reading, e.level)
        picture = arrow(reading, mark, on, 0.0, f"{key}-{e.level.value}", name)
        halves.append({"heading": name, "picture": Markup(picture)})
    ways = [e for e in model.effects if e.through and (e.source, e.target) == ends]
    return {
        "key": key,
        "title": " → ".join(reading.measure(m) for m in _way(model, ends)),
        "said": [_said(reading, e) for e in reversed(effects)],
        "halves": halves,
        "ways": [_line(reading, e) for e in ways] if len(ways) > 2 else [],
    }


def _way(model: PathModel, ends: tuple[str, str]) -> tuple[str, ...]:
    """Return the longest way from one end to the other."""
    ways = [e.through for e in model.effects if e.through and (e.source, e.target) == ends]
    return max(ways, key=len, default=ends)


def _mark(e: PathEffect) -> Mark:
    kind = "holds" if e.arrives else "yet"
    return Mark(e.standardised, e.standardised_low, e.standardised_high, kind)


def _said(reading: Reading, e: PathEffect) -> dict[str, Any]:
    values = {
        "where": where(reading, e.level), "source": reading.inline(e.source),
        "target": reading.inline(e.target), "size": _size(reading, e),
    }  # fmt: skip
    if e.arrives:
        text = reading.say(
            "{where}: where {source} is one standard deviation higher, {target} differs by {size} "
            "standard deviations by way of what lies between them.",
            **values,
        )
        return {"kind": "holds", "icon": icon("holds"), "word": reading.say("Arrives"),
                "text": text}  # fmt: skip
    text = reading.say(
        "{where}: of a standard deviation of {source}, {size} standard deviations reach {target}; "
        "that may be nothing at all.",
        **values,
    )
    return {"kind": "yet", "icon": icon("yet"), "word": reading.say("Not seen to arrive"),
            "text": text}  # fmt: skip


def _size(reading: Reading, e: PathEffect) -> str:
    at = fixed(e.standardised, 2, reading.language, sign=True)
    return f"{at} {reading.interval(e.standardised_low, e.standardised_high)}"


def _line(reading: Reading, e: PathEffect) -> dict[str, Any]:
    ends = e.through or (e.source, e.target)
    return {
        "way": " → ".join(reading.measure(m) for m in ends),
        "kind": reading.say(KINDS[e.kind]),
        "level": heading(reading, e.level),
        "size": _size(reading, e),
    }


def _table(reading: Reading, model: PathModel) -> list[dict[str, Any]]:
    """Return one row for each effect, both levels side by side."""
    found: dict[tuple[str, str, str], dict[Level, PathEffect]] = {}
    for e in model.effects:
        if not e.through:
            found.setdefault((e.source, e.target, e.kind), {})[e.level] = e
    return [
        {
            "way": f"{reading.measure(a)} → {reading.measure(b)}",
            "kind": reading.say(KINDS[kind]),
            "within": _size(reading, levels[Level.WITHIN]),
            "between": _size(reading, levels[Level.BETWEEN]),
        }
        for (a, b, kind), levels in found.items()
    ]


def _about(reading: Reading, model: PathModel) -> str:
    n = whole(model.rows, reading.language)
    parts = [
        reading.units(model.units),
        reading.waves(model.waves),
        reading.say(
            "{n} figures of a {unit} in a {wave}", n=n, unit=reading.unit(1), wave=reading.wave(1)
        ),
        reading.say(
            "{within} parameters inside, {between} between",
            within=model.parameters_within,
            between=model.parameters_between,
        ),
    ]
    fit = model.fit
    if fit is not None and fit.chisq is not None:
        numbers = [
            "–" if x is None else fixed(x, 2, reading.language)
            for x in (fit.chisq, fit.cfi, fit.tli, fit.rmsea, fit.srmr_within, fit.srmr_between)
        ]
        parts.append(
            reading.say(
                "chi2 {chisq} on {df}, CFI {cfi}, TLI {tli}, RMSEA {rmsea}, SRMR {within} inside "
                "and {between} between",
                chisq=numbers[0], df=fit.df, cfi=numbers[1], tli=numbers[2], rmsea=numbers[3],
                within=numbers[4], between=numbers[5],
            )
        )  # fmt: skip
    return " · ".join(parts)


def _context(reading: Reading) -> dict[str, Any] | None:
    model = reading.findings.paths
    if model is None:
        return None
    blocks = [reading.check(c) for c in model.checks if c.status == BLOCK]
    doubts = [c for c in model.checks if c.status not in (BLOCK, PASS)]
    cards = [] if model.refused else [
        _card(reading, model, ends, i) for i, ends in enumerate(_ends(model), 1)
    ]  # fmt: skip
    return {
        "refused": " ".join(blocks),
        "cards": cards,
        "rows": [] if model.refused else _table(reading, model),
        "doubts": [{"kind": CHECKS[c.status], "icon": icon(CHECKS[c.status]),
                    "text": reading.check(c)} for c in doubts],
        "about": _about(reading, model),
    }  # fmt: skip


SECTION = Section("Through the whole chain", _context)
