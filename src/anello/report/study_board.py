"""What the board's sheet says of studies of persons: each pair in one row, inside and between."""

from itertools import groupby
from typing import Any

from anello.model.evidence import Check
from anello.model.study import StudyEffect, StudyFindings
from anello.model.words import Words

from .numbers import fixed, known
from .reading import Reading

MOST = 12
INSIDE = ("within", "between")


def study_rows(reading: Reading) -> dict[str, Any]:
    """Return title, heads and rows of the sheet's table; no rows when there is no study."""
    found = [row for s in reading.findings.studies for row in _rows(reading, s)]
    heads = [reading.say("Inside a person, and between people"), reading.say("Inside a person"),
             reading.say("Between people")]  # fmt: skip
    more = reading.say_n(
        "{n} more pair is in the report.", "{n} more pairs are in the report.", len(found) - MOST
    )
    left = len(found) > MOST
    return {"head": heads, "rows": found[:MOST], "more": more if left else ""}


def _rows(reading: Reading, s: StudyFindings) -> list[dict[str, str]]:
    paired = [c for c in s.told if dict(c.values).get("pair")]
    rows = []
    for pair, checks in groupby(paired, key=lambda c: dict(c.values)["pair"]):
        said = list(checks)
        effects = [e for e in s.effects if e.drawn and e.pair == pair and e.level in INSIDE]
        if effects:
            rows.append(_row(reading, said, effects))
    return rows


def _row(reading: Reading, said: list[Check], effects: list[StudyEffect]) -> dict[str, str]:
    words = dict(said[0].values).get("title")
    title = words.get(reading.language) if isinstance(words, Words) else ""
    told = next((reading.check(c) for c in said if c.name == "opposite"), "")
    at = {e.level: _written(reading, e) for e in effects}
    return {
        "title": title,
        "within": at.get("within", "–"),
        "between": at.get("between", "–"),
        "told": told,
    }


def _written(reading: Reading, e: StudyEffect) -> str:
    at, low, high = known(e.estimate), known(e.low), known(e.high)
    if at is None or low is None or high is None:
        return "–"
    return f"{fixed(at, 2, reading.language, sign=True)} {reading.interval(low, high)}"
