"""Which comes first inside a unit: both directions, stable differences taken out."""

from typing import Any

from markupsafe import Markup

from anello.model.evidence import BLOCK, PASS
from anello.model.loop import CLPM, DYNAMIC, RICLPM, CrossLag, CrossLags, Loop
from anello.report.drawing.arrows import Mark, arrow, axis_of
from anello.report.drawing.icons import CHECKS, icon
from anello.report.loop_words import (
    LED,
    STYLES,
    change,
    difference,
    sentence,
    size,
    stable,
    title,
    without,
    word,
)
from anello.report.numbers import fixed, whole
from anello.report.reading import Reading

from .base import Section

__all__ = ["SECTION", "change"]
METHODS = {
    RICLPM: "Stable differences out (RI-CLPM)",
    CLPM: "Stable differences left in (CLPM)",
    DYNAMIC: "Second opinion (dynamic panel, ML)",
}


def told(loop: Loop) -> bool:
    """Return whether a pair gets a card: it has a direction, or a naive model invents one."""
    if loop.judged is None:
        return False
    invented = loop.naive is not None and loop.naive.claim in LED
    return loop.verdict in LED or invented


def _card(reading: Reading, loop: Loop, i: int) -> dict[str, Any]:
    assert loop.judged is not None
    key, kind = f"loop-{i}", STYLES[loop.verdict]
    doubts = [c for c in loop.checks if c.status != PASS]
    return {
        "key": key,
        "title": title(reading, loop),
        "kind": kind,
        "icon": icon(kind),
        "word": word(reading, loop, loop.verdict),
        "said": sentence(reading, loop),
        "without": without(reading, loop),
        "stable": stable(reading, loop),
        "halves": _halves(reading, loop, loop.judged, key),
        "lines": _lines(reading, loop),
        "forward": reading.say("{source} first", source=reading.measure(loop.source)),
        "back": reading.say("{source} first", source=reading.measure(loop.target)),
        "doubts": [{"kind": CHECKS[c.status], "icon": icon(CHECKS[c.status]),
                    "text": reading.check(c)} for c in doubts],
        "about": _about(reading, loop),
    }  # fmt: skip


def _halves(reading: Reading, loop: Loop, found: CrossLags, key: str) -> list[dict[str, Any]]:
    marks = [_mark(lag) for lag in (found.forward, found.back)]
    on = axis_of(marks, loop.worth)
    out = []
    for number, (lag, mark) in enumerate(zip((found.forward, found.back), marks, strict=True)):
        heading = f"{reading.measure(lag.source)} → {reading.measure(lag.target)}"
        picture = arrow(reading, mark, on, loop.worth, f"{key}-{number}", heading)
        out.append({"heading": heading, "picture": Markup(picture)})
    return out


def _mark(lag: CrossLag) -> Mark:
    kind = "holds" if lag.leads else "plain" if lag.absent else "yet"
    return Mark(lag.standardised, lag.low, lag.high, kind)


def _lines(reading: Reading, loop: Loop) -> list[dict[str, str]]:
    every = (loop.judged, loop.dynamic, loop.naive)
    return [
        {"method": reading.say(METHODS[found.method]), "forward": size(reading, found.forward),
         "back": size(reading, found.back), "q": _q(reading, found),
         "difference": difference(reading, found)}
        for found in every
        if found is not None
    ]  # fmt: skip


def _q(reading: Reading, found: CrossLags) -> str:
    least = 0.001
    return " / ".join(
        f"< {fixed(least, 3, reading.language)}"
        if lag.q < least
        else fixed(lag.q, 3, reading.language)
        for lag in (found.forward, found.back)
    )


def _about(reading: Reading, loop: Loop) -> str:
    span = loop.first if loop.first == loop.last else f"{loop.first}–{loop.last}"
    parts = [reading.units(loop.units), f"{reading.waves(loop.waves)} ({span})"]
    if loop.parameters:
        parts.append(reading.say("{n} parameters beside the means", n=loop.parameters))
    fit = loop.fit
    if fit is not None and fit.cfi is not None and fit.rmsea is not None:
        numbers = [fixed(x, 2, reading.language) for x in (fit.cfi, fit.rmsea, fit.srmr or 0.0)]
        parts.append(f"CFI {numbers[0]}, RMSEA {numbers[1]}, SRMR {numbers[2]}")
    return " · ".join(parts)


def _row(reading: Reading, loop: Loop) -> dict[str, Any]:
    found = loop.judged
    why = [reading.check(c) for c in loop.checks if c.status == BLOCK]
    kind = STYLES[loop.verdict]
    return {
        "title": title(reading, loop),
        "kind": kind,
        "icon": icon(kind),
        "word": word(reading, loop, loop.verdict),
        "forward": "–" if found is None else size(reading, found.forward),
        "back": "–" if found is None else size(reading, found.back),
        "why": " ".join(why),
        "without": without(reading, loop) if found is None else "",
        "units": whole(loop.units, reading.language),
        "waves": loop.waves,
    }


def _context(reading: Reading) -> dict[str, Any] | None:
    loops = reading.findings.loops
    if not loops:
        return None
    cards = [_card(reading, loop, i) for i, loop in enumerate(filter(told, loops), 1)]
    rows = [_row(reading, loop) for loop in loops if not told(loop)]
    tried = 2 * sum(loop.judged is not None for loop in loops)
    return {"cards": cards, "rows": rows, "tried": tried}


SECTION = Section("Which comes first?", _context)
