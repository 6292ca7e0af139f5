"""Their finding beside yours, link by link: a short table on the page, in full on its own page."""

from typing import Any

from markupsafe import Markup

from anello.model.chain import Link
from anello.model.evidence import Level
from anello.model.published import Literature, OwnFigure, Published
from anello.report.drawing.three_lines import three_lines
from anello.report.numbers import fixed, whole
from anello.report.reading import Reading
from anello.report.sentences import heading

from .base import Section

OWN_PAGES = {"en": "literature.html", "it": "literature.it.html"}


def title_of(reading: Reading, about: Literature) -> str:
    """Return the link in words."""
    return reading.title(Link(about.source, about.target, about.lag, only=about.only))


def own_figures(reading: Reading, about: Literature) -> list[dict[str, str]]:
    """Return the own figures, inside a unit first."""
    rows = sorted(about.own, key=lambda own: own.level != Level.WITHIN)
    return [{"level": heading(reading, own.level), "size": _own(reading, own)} for own in rows]


def _own(reading: Reading, own: OwnFigure) -> str:
    size = fixed(own.value, 2, reading.language, sign=True)
    if own.low is None or own.high is None:
        return size
    return f"{size} {reading.interval(own.low, own.high)}"


def finding(reading: Reading, one: Published) -> dict[str, Any]:
    """Return one published finding as a row, its mark spelled out."""
    code = reading.language
    return {
        "way": one.way,
        "size": one.size.get(code),
        "what": one.metric.get(code),
        "across": one.level.get(code),
        "k": "–" if one.k is None else whole(one.k, code),
        "n": "–" if one.n is None else f"{whole(one.n, code)} {one.of.get(code) if one.of else ''}",
        "cite": one.citation if one.year is None else _cited(one),
        "status": one.status,
        "mark": one.mark.get(code),
        "note": one.note.get(code),
        "turned": one.turned,
    }


def _cited(one: Published) -> str:
    return one.citation if str(one.year) in one.citation else f"{one.citation}, {one.year}"


def first(about: Literature) -> Published | None:
    """Return the finding that speaks for a link: with three lines, with a figure, of most studies.

    None when nothing runs the way of the link.
    """
    forth = [one for one in about.findings if one.way == "forth"]
    known = {id(o): (o.lines is None, o.value is None, -(o.k or 0), -(o.n or 0)) for o in forth}
    return min(forth, key=lambda one: known[id(one)], default=None)


def card(reading: Reading, about: Literature, number: int) -> dict[str, Any]:
    """Return everything that the page says about one link."""
    code, best = reading.language, first(about)
    title = title_of(reading, about)
    drawn = [one for one in about.findings if one.lines is not None]
    return {
        "key": f"link-{number}",
        "title": title,
        "said": best.sentence.get(code) if best else "",
        "own": own_figures(reading, about),
        "read_as": _read_as(reading, about),
        "lines": [_lines(reading, one, f"lines-{number}-{i}") for i, one in enumerate(drawn, 1)],
        "refused": [
            {"cite": _cited(one), "why": one.refused.get(code)}
            for one in about.findings
            if one.refused is not None
        ],
        "findings": [finding(reading, one) for one in about.findings if one.way == "forth"],
        "back": [finding(reading, one) for one in about.findings if one.way == "back"],
        "claims": [finding(reading, one) for one in about.findings if one.way == "claim"],
    }


def _read_as(reading: Reading, about: Literature) -> list[str]:
    """Return what each side is called in the register, or that nothing is declared for it."""
    out = []
    for key, meant in zip((about.source, about.target), about.read_as, strict=True):
        values = {"measure": reading.measure(key)}
        if meant is None:
            out.append(reading.say("{measure}: no published construct is declared.", **values))
        else:
            said = meant.get(reading.language)
            out.append(reading.say("{measure} is read as “{meant}”.", meant=said, **values))
    return out


def _lines(reading: Reading, one: Published, key: str) -> dict[str, Any]:
    assert one.lines is not None
    said = [words.get(reading.language) for words in one.lines.said]
    figure = Markup(three_lines(reading, one.lines, key, _cited(one)))
    return {"cite": _cited(one), "figure": figure, "said": said[:3], "verdict": said[3],
            "cautions": said[4:]}  # fmt: skip


def _row(reading: Reading, about: Literature) -> dict[str, Any]:
    best = first(about)
    own = own_figures(reading, about)
    lines = best.lines if best else None
    return {
        "link": title_of(reading, about),
        "theirs": finding(reading, best) if best else None,
        "own": own[0] if own else None,
        "lean": lines.said[3].get(reading.language) if lines else "",
    }


def _context(reading: Reading) -> dict[str, Any] | None:
    found = reading.findings.literature
    if not found:
        return None
    rows = [row for row in (_row(reading, about) for about in found) if row["theirs"]]
    silent = len(found) - len(rows)
    return {
        "rows": rows,
        "page": OWN_PAGES[reading.language],
        "lent": any(row["lean"] for row in rows),
        "silent": reading.say_n(
            "For {n} link no published finding is declared.",
            "For {n} links no published finding is declared.",
            silent,
        )
        if silent
        else "",
    }


SECTION = Section("Their finding and yours", _context)
