"""The board's sheet: the chain on one page of A4, as a PDF that can be read aloud (PDF/UA-1)."""

import json
from importlib.resources import files
from typing import Any

import typst

from .drawing.graph import graph
from .drawing.icons import SHAPES, style
from .drawing.intervals import written
from .drawing.picture import described
from .drawing.rings import colours, important, painted
from .headline import headline, headlines, lead, unmeasured
from .loop_words import board_line
from .money_words import sentence as money_sentence
from .money_words import way
from .numbers import whole
from .reading import Pair, Reading
from .sections.needs import wanted
from .sentences import heading, sentence, word
from .study_board import study_tables

KINDS = ("holds", "breaks", "yet", "way", "none")
ROOM = (
    (10, 6, True), (10, 6, False), (8, 6, False), (8, 4, False), (6, 4, False), (5, 2, False),
    (4, 1, False), (2, 0, False), (0, 0, False),
)  # fmt: skip
LONGEST = 170


def sheet(reading: Reading) -> bytes:
    """Return the sheet: what does not fit is counted and left to the report.

    The fonts are those of the typesetter itself and the date is left out, so equal releases give
    equal bytes on every machine.
    """
    fixed = {"chain": painted(reading), "icons": json.dumps(_icons())}
    for links, open_, told in ROOM:
        parts = {**fixed, "content": _content(reading, links, open_, told=told)}
        if _pages(parts) == 1:
            break
    return typst.compile(
        _template(), format="pdf", ignore_system_fonts=True, pdf_standards="ua-1", sys_inputs=parts
    )


def _pages(parts: dict[str, str]) -> int:
    found = typst.query(
        _template(), "<pages>", field="value", one=True, ignore_system_fonts=True, sys_inputs=parts
    )
    return int(json.loads(found))


def _template() -> bytes:
    return (files("anello.report") / "templates" / "board.typ").read_bytes()


def _icons() -> dict[str, str]:
    found = {}
    for kind in KINDS:
        colour = colours()["edge" if kind == "none" else kind]
        shape = SHAPES.get(kind, '<path d="M2 9h3v2H2zM8.500 9h3v2h-3zM15 9h3v2h-3z"/>')
        head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 20" fill="{colour}">'
        found[kind] = f"{head}{shape}</svg>"
    return found


def _content(reading: Reading, links: int, open_: int, *, told: bool) -> str:
    content = {
        "language": reading.language,
        "title": f"{reading.chain.title.get(reading.language)} · Anello",
        "brand": "Anello",
        "about": " · ".join(
            part for part in (reading.chain.title.get(reading.language), _size(reading)) if part
        ),
        "headline": headlines(reading),
        "lead": lead(reading),
        "alt": f"{headline(reading)} {described(reading, graph(reading))}",
        "key": _key(reading),
        "thickness": reading.say(
            "Thickness and numbers: standard deviations inside each {unit}; dotted, between "
            "{units}.",
            unit=reading.unit(1), units=reading.unit(2),
        ),
        "links": _links(reading, links, told=told),
        "bare": not reading.pairs and not reading.chain.constructs,
        "studies": study_tables(reading, told=told),
        "money": money_line(reading),
        "loop": board_line(reading),
        "unknown": _unknown(reading, open_),
        "foot": reading.say(
            "Release {fingerprint}. Gate: {gate}. No person can be read from this page. Links are "
            "things that go together: no figure here shows a cause. Intervals are 95 %.",
            fingerprint=reading.findings.fingerprint[:16], gate=reading.told(reading.gate),
        ),
        "colours": {**colours(), "none": colours()["ink-3"]},
    }  # fmt: skip
    return json.dumps(content, ensure_ascii=False, sort_keys=True)


def money_line(reading: Reading) -> str:
    """Return the first sum of money that there is, in one line; empty without any."""
    figures = [f for f in reading.findings.money if f.product is not None]
    if not figures:
        return ""
    first = next((f for f in figures if not f.conditional), figures[0])
    text = f"{way(reading, first)}. {money_sentence(reading, first)}"
    more = reading.say_n(
        "{n} more sum is in the report.", "{n} more sums are in the report.", len(figures) - 1
    )
    return f"{text} {more}" if len(figures) > 1 else text


def _size(reading: Reading) -> str:
    if not reading.pairs and reading.findings.studies:
        people = max(s.persons for s in reading.findings.studies)
        if not people:
            return ""
        return reading.say("{persons} people", persons=reading.people(people))
    rows = [e for pair in reading.pairs for e in pair.rows]
    units, waves = (max((getattr(e, k) for e in rows), default=0) for k in ("units", "waves"))
    return f"{reading.units(units)} · {reading.waves(waves)}"


def _key(reading: Reading) -> list[dict[str, str]]:
    found: dict[str, str] = {}
    for pair in reading.pairs:
        found.setdefault(style(pair.verdict), word(reading, pair.verdict))
    if unmeasured(reading):
        found.setdefault("none", word(reading, None))
    return [{"kind": kind, "word": found[kind]} for kind in KINDS if kind in found]


def _links(reading: Reading, most: int, *, told: bool) -> dict[str, Any]:
    chosen = important(reading, most)
    left = len(reading.pairs) - len(chosen)
    more = reading.say_n(
        "{n} more link is in the report.", "{n} more links are in the report.", left
    )
    heads = [reading.say("Link"), reading.say("Verdict"),
             reading.say("Inside each {unit}, over time", unit=reading.unit(1)),
             reading.say("Between {units}", units=reading.unit(2)),
             capital(reading.unit(2)), "n"]  # fmt: skip
    rows = [_row(reading, pair, told=told) for pair in chosen]
    return {"title": reading.say("Links"), "head": heads, "rows": rows, "told": told,
            "more": more if left else ""}  # fmt: skip


def _row(reading: Reading, pair: Pair, *, told: bool) -> dict[str, str]:
    shown, judged = pair.shown, pair.judged
    return {
        "link": cut(reading.title(pair.link), 90),
        "told": sentence(reading, judged, pair.link) if told and judged else "",
        "kind": style(pair.verdict),
        "word": word(reading, pair.verdict),
        "within": " ".join(written(reading, pair.within)).strip(),
        "between": " ".join(written(reading, pair.between)).strip(),
        "units": whole(shown.units, reading.language) if shown else "–",
        "n": reading.count(shown) if shown else "–",
    }


def _unknown(reading: Reading, most: int) -> dict[str, Any]:
    rows = _questions(reading)
    left = len(rows) - len(rows[:most])
    more = reading.say_n("{n} more open question is in the report.",
                         "{n} more open questions are in the report.", left)  # fmt: skip
    return {
        "title": reading.say("What we do not know"), "rows": rows[:most],
        "none": reading.say("Nothing that these links asked is open."),
        "more": more if left else "",
    }  # fmt: skip


def _questions(reading: Reading) -> list[dict[str, str]]:
    """Return what is open: of each link the level a picture shows, then what nothing measures."""
    shown = {
        reading.title(p.link): heading(reading, p.shown.level) for p in reading.pairs if p.shown
    }
    rows = [
        {"title": cut(row["link"], 70), "text": cut(f"{row['level']}. {row['needs']}", LONGEST)}
        for row in wanted(reading)
        if shown.get(row["link"]) == row["level"]
    ]
    missing = reading.say("not measured: nobody knows yet.")
    return rows + [{"title": label, "text": capital(missing)} for label in unmeasured(reading)]


def cut(text: str, most: int) -> str:
    """Return a text that fits, its end an ellipsis when it did not.

    >>> cut("Engagement", 20), cut("Engagement of all", 12)
    ('Engagement', 'Engagement…')
    """
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def capital(text: str) -> str:
    """Return a text with its first letter large.

    >>> capital("shops")
    'Shops'
    """
    return text[:1].upper() + text[1:]
