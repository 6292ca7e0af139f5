"""Studies of persons over time: what happens inside a person beside what differs between people."""

from itertools import groupby
from typing import Any

from markupsafe import Markup

from anello.model.disclosure import band
from anello.model.evidence import BLOCK, PASS, WARN, Check
from anello.model.study import RATIOS, Study, StudyBand, StudyEffect, StudyFindings
from anello.model.words import Words
from anello.report.drawing.icons import CHECKS, icon
from anello.report.drawing.two_levels import level, two_levels
from anello.report.numbers import fixed, known, whole
from anello.report.reading import Reading

from .base import Section

ORDER = (BLOCK, WARN, PASS)
SHIFTS = {"contagion", "counter"}
ANSWERS = {"mixed", "counted"}
SMILE_PAGES = {"en": "smile.html", "it": "smile.it.html"}
CHECK_WORDS = {PASS: "Passed", WARN: "Warning", BLOCK: "Blocks the verdict"}


def told(reading: Reading, found: StudyFindings, i: int) -> dict[str, Any]:
    """Return what a template shows of one study."""
    study = next(s for s in reading.chain.studies if s.key == found.study)
    if found.refused is not None:
        return {
            "key": f"study-{i}", "title": study.title.get(reading.language), "people": "",
            "refused": reading.check(found.refused), "cards": [], "loose": [], "rows": [],
            "doubts": [], "passed": [], "bands": [],
        }  # fmt: skip
    doubts = sorted(found.doubts, key=lambda c: ORDER.index(c.status))
    return {
        "key": f"study-{i}",
        "title": study.title.get(reading.language),
        "people": _people(reading, found),
        "refused": "",
        "cards": _cards(reading, found, f"study-{i}"),
        "loose": [reading.check(c) for c in found.told if _pair(c) is None],
        "rows": [_row(reading, study, e) for e in found.effects],
        "doubts": [_doubt(reading, c) for c in doubts if c.status != PASS],
        "passed": [_doubt(reading, c) for c in doubts if c.status == PASS],
        "bands": [_band(reading, b) for b in found.bands],
    }


def _people(reading: Reading, found: StudyFindings) -> str:
    if found.units:
        return reading.say(
            "{units} units, {persons} people, {answers} rows.",
            units=reading.people(found.units),
            persons=reading.people(found.persons),
            answers=reading.people(found.answers),
        )
    return reading.say(
        "{persons} people, {answers} rows.",
        persons=reading.people(found.persons),
        answers=reading.people(found.answers),
    )


def _pair(c: Check) -> str | None:
    pair = dict(c.values).get("pair")
    return str(pair) if pair else None


def _cards(reading: Reading, found: StudyFindings, key: str) -> list[dict[str, Any]]:
    """Return sentences that speak of the same pair together, with the picture of its effects."""
    cards = []
    paired = [c for c in found.told if _pair(c) is not None]
    for n, (pair, checks) in enumerate(groupby(paired, key=_pair), 1):
        said = list(checks)
        words = dict(said[0].values).get("title")
        title = words.get(reading.language) if isinstance(words, Words) else str(pair)
        drawn = tuple(e for e in found.effects if e.drawn and e.pair == pair)
        figure = two_levels(reading, drawn, f"{key}-{n}", title) if drawn else ""
        cards.append(
            {"title": title, "figure": Markup(figure), "said": [reading.check(c) for c in said],
             "warn": [c.status != PASS for c in said]}
        )  # fmt: skip
    return cards


def _row(reading: Reading, study: Study, e: StudyEffect) -> dict[str, str]:
    def number(x: float | None) -> str:
        exact = known(x)
        signed = e.name not in RATIOS
        return "–" if exact is None else fixed(exact, 2, reading.language, sign=signed)

    low, high = known(e.low), known(e.high)
    limits = "–" if low is None or high is None else reading.interval(low, high)
    return {
        "formula": e.formula, "name": reading.told(e.name), "source": e.source,
        "level": level(reading, e.level), "estimate": number(e.estimate), "limits": limits,
        "std": number(e.standardised), "method": reading.told(e.method),
    }  # fmt: skip


def _doubt(reading: Reading, c: Check) -> dict[str, str]:
    kind = CHECKS[c.status]
    return {
        "kind": kind, "icon": icon(kind), "word": reading.say(CHECK_WORDS[c.status]),
        "text": reading.check(c),
    }  # fmt: skip


def _band(reading: Reading, b: StudyBand) -> str:
    low, high = band(b.persons)
    return reading.say(
        "{low} to {high} % of the prompts: {persons} people",
        low=whole(round(100 * b.low), reading.language),
        high=whole(round(100 * b.high), reading.language),
        persons=f"{whole(low, reading.language)}–{whole(high or low, reading.language)}",
    )


def _context(reading: Reading) -> dict[str, Any] | None:
    found = reading.findings.studies
    studies = [told(reading, s, i) for i, s in enumerate(found, 1)]
    _once(studies)
    kinds = {s.kind for s in found}
    smile = SMILE_PAGES[reading.language] if kinds & SHIFTS else ""
    if not studies:
        return None
    about = {"heading": heading(reading, kinds), "diaries": "diary" in kinds, "smile": smile}
    return {"studies": studies, **about}


def _once(studies: list[dict[str, Any]]) -> None:
    """Take a sentence that stands above the cards of one study from those after it."""
    seen: set[str] = set()
    for study in studies:
        study["loose"] = [text for text in study["loose"] if text not in seen]
        seen.update(study["loose"])


def heading(reading: Reading, kinds: set[str]) -> str:
    """Return what studies of these kinds are about, as a title."""
    if kinds <= ANSWERS:
        return reading.say("What hangs together in single answers")
    if kinds & ANSWERS:
        return reading.say("In single answers, inside a person, on the shift")
    if not kinds & SHIFTS:
        return reading.say(PERSONS)
    if not kinds <= SHIFTS:
        return reading.say("Inside a person, and on the shift")
    if kinds == {"contagion"}:
        return reading.say("On the shift: from colleague to colleague")
    if kinds == {"counter"}:
        return reading.say("On the shift: from staff to customers")
    return reading.say("On the shift: colleagues and customers")


PERSONS = "Inside a person, and between people"
SECTION = Section(PERSONS, _context)
