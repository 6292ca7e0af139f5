"""Every link, one by one: the sentence first, then between and inside on one axis, then doubts."""

from typing import Any

from markupsafe import Markup

from anello.model.evidence import BLOCK, PASS, WARN, Evidence, Level
from anello.report.drawing.icons import CHECKS, SIDES, icon, style
from anello.report.drawing.intervals import half, written
from anello.report.numbers import short
from anello.report.reading import Pair, Reading
from anello.report.sentences import change, heading, needs, sentence, word

from .base import Section

ORDER = (BLOCK, WARN, PASS)


def _said(reading: Reading, pair: Pair, e: Evidence) -> dict[str, Any]:
    text, begins = sentence(reading, e, pair.link), word(reading, e.verdict)
    begins = begins if text.startswith(begins) else ""
    kind = style(e.verdict)
    return {"kind": kind, "word": begins, "rest": text[len(begins) :], "icon": icon(kind)}


def _half(reading: Reading, pair: Pair, level: Level, key: str) -> dict[str, Any]:
    e = pair.between if level == Level.BETWEEN else pair.within
    picture = Markup(half(reading, pair, level, f"{key}-{level.value}"))
    return {"heading": heading(reading, level), "picture": picture, "empty": _empty(reading, e)}


def _empty(reading: Reading, e: Evidence | None) -> str:
    blocks = [reading.check(c) for c in e.checks if c.status == BLOCK] if e else []
    if e is not None and e.needs is not None:
        return needs(reading, e.needs)
    return blocks[0] if blocks else reading.say("The data hold nothing to estimate.")


def _line(reading: Reading, pair: Pair, e: Evidence) -> dict[str, Any]:
    return {
        "level": heading(reading, e.level),
        "kind": style(e.verdict),
        "word": word(reading, e.verdict),
        "standard": " ".join(written(reading, e)).strip(),
        "step": _step(reading, pair, e),
        "change": "–" if e.estimate is None else change(reading, e),
        "units": e.units,
        "waves": e.waves,
        "n": reading.count(e),
        "grade": e.grade,
    }


def _step(reading: Reading, pair: Pair, e: Evidence) -> str:
    if e.estimate is None:
        return "–"
    if e.step is None or pair.link.worth.step is not None:
        return short(e.step or 1.0, reading.language)
    return reading.say("1 SD ({size})", size=short(e.step, reading.language))


def _checks(reading: Reading, pair: Pair) -> list[dict[str, Any]]:
    """Return the doubts, gravest first; one that was met at a single level says which."""
    found: dict[tuple[int, str], list[Evidence]] = {}
    for e in pair.rows:
        for check in e.checks:
            found.setdefault((ORDER.index(check.status), reading.check(check)), []).append(e)
    return [_check(reading, pair, ORDER[rank], text, met)
            for (rank, text), met in sorted(found.items(), key=lambda item: item[0])]  # fmt: skip


def _check(
    reading: Reading, pair: Pair, status: str, text: str, met: list[Evidence]
) -> dict[str, Any]:
    alone = len(met) < len(pair.rows)
    return {
        "kind": CHECKS[status],
        "icon": icon(CHECKS[status]),
        "word": reading.say(CHECK_WORDS[status]),
        "level": heading(reading, met[0].level) if alone else "",
        "text": text,
    }


CHECK_WORDS = {PASS: "Passed", WARN: "Warning", BLOCK: "Blocks the verdict"}


def _card(reading: Reading, pair: Pair, i: int) -> dict[str, Any]:
    key = f"link-{i}"
    said = sorted(pair.rows, key=lambda e: e is not pair.judged)
    checks = _checks(reading, pair)
    source, target = (reading.chain.side(m) for m in (pair.link.source, pair.link.target))
    return {
        "key": key,
        "title": reading.title(pair.link),
        "sides": [(SIDES[s], icon(SIDES[s])) for s in (source, target)],
        "said": [_said(reading, pair, e) for e in said],
        "halves": [_half(reading, pair, level, key) for level in Level],
        "lines": [_line(reading, pair, e) for e in pair.rows],
        "source": reading.measure(pair.link.source),
        "target": reading.measure(pair.link.target),
        "doubts": [check for check in checks if check["kind"] != CHECKS[PASS]],
        "passed": [check for check in checks if check["kind"] == CHECKS[PASS]],
        "methods": list(dict.fromkeys(reading.told(e.method) for e in pair.rows)),
    }


def _context(reading: Reading) -> dict[str, Any] | None:
    cards = [_card(reading, pair, i) for i, pair in enumerate(reading.pairs, 1)]
    return {"cards": cards} if cards else None


SECTION = Section("Every link, one by one", _context)
