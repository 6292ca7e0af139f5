"""What the board's sheet says of studies of persons: one table of diaries, one of shifts."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from anello.model.evidence import Check
from anello.model.study import RATIOS, StudyEffect, StudyFindings
from anello.model.words import Words

from .numbers import fixed, known
from .reading import Reading
from .sections.studies import ANSWERS, SHIFTS, heading

MOST = 12
MOST_TOLD = 5
"""Claims about shifts with their whole sentence; more would not fit beside a chain."""

INSIDE = ("within", "between")
ON_SHIFT = ("shift",)
Table = dict[str, Any]


def study_tables(reading: Reading, *, told: bool) -> list[Table]:
    """Return the tables of the sheet: title, heads, rows of cells, what is left and a warning.

    `told` false leaves the sentences of shifts to the report. Without studies there is no table.
    """
    found = reading.findings.studies
    diaries = [s for s in found if s.kind not in SHIFTS | ANSWERS]
    shifts = [s for s in found if s.kind in SHIFTS]
    answers = [s for s in found if s.kind in ANSWERS]
    tables = [
        _diaries(reading, diaries),
        _shifts(reading, shifts, told=told),
        _answers(reading, answers),
    ]
    return [table for table in tables if table["rows"]]


def _diaries(reading: Reading, found: Sequence[StudyFindings]) -> Table:
    rows = [row for s in found for row in _rows(reading, s, INSIDE, _opposite)]
    heads = [reading.say("Inside a person"), reading.say("Between people")]
    return _table(reading, found, heads, rows, MOST)


def _shifts(reading: Reading, found: Sequence[StudyFindings], *, told: bool) -> Table:
    rows = [row for s in found for row in _rows(reading, s, ON_SHIFT, _first if told else _nothing)]
    table = _table(reading, found, [reading.say("On the shift")], rows, MOST_TOLD if told else MOST)
    banner = next((c for s in found for c in s.told if c.name == "banner"), None)
    if banner is not None:
        table["note"] = reading.check(banner) if told else _first_sentence(reading.check(banner))
    return table


def _answers(reading: Reading, found: Sequence[StudyFindings]) -> Table:
    """Return one row for each coefficient, its number in the one cell: a difference or a ratio."""
    rows = []
    for s in found:
        if s.refused is not None:
            rows.append(_refused(reading, s, 1))
            continue
        titles = {dict(c.values)["pair"]: _title(reading, [c]) for c in s.told if _paired(c)}
        rows += [
            {"title": titles[e.pair], "cells": [_written(reading, e)], "told": ""}
            for e in s.effects
            if e.pair in titles and e.name in ("slope", *RATIOS)
        ]
    return _table(reading, found, [reading.say("In single answers")], rows, MOST)


def _paired(check: Check) -> bool:
    return bool(dict(check.values).get("pair"))


def _first_sentence(text: str) -> str:
    return text.split(". ")[0] + "."


def _table(
    reading: Reading,
    found: Sequence[StudyFindings],
    heads: list[str],
    rows: list[Table],
    most: int,
) -> Table:
    more = reading.say_n(
        "{n} more pair is in the report.", "{n} more pairs are in the report.", len(rows) - most
    )
    return {
        "title": heading(reading, {s.kind for s in found}),
        "head": [reading.say("Link"), *heads],
        "rows": rows[:most],
        "more": more if len(rows) > most else "",
        "note": "",
    }


def _rows(reading: Reading, s: StudyFindings, levels: Sequence[str], told: Any) -> list[Table]:
    if s.refused is not None:
        return [_refused(reading, s, len(levels))] if s.kind in SHIFTS else []
    paired = [c for c in s.told if dict(c.values).get("pair")]
    rows = []
    for pair, checks in groupby(paired, key=lambda c: dict(c.values)["pair"]):
        said = list(checks)
        effects = [e for e in s.effects if e.drawn and e.pair == pair and e.level in levels]
        if effects:
            at = {e.level: _written(reading, e) for e in effects}
            cells = [at.get(level, "–") for level in levels]
            rows.append({"title": _title(reading, said), "cells": cells,
                         "told": told(reading, said)})  # fmt: skip
    return rows


def _refused(reading: Reading, s: StudyFindings, columns: int) -> Table:
    assert s.refused is not None
    study = next(one for one in reading.chain.studies if one.key == s.study)
    return {
        "title": study.title.get(reading.language),
        "cells": ["–"] * columns,
        "told": reading.check(s.refused),
    }


def _title(reading: Reading, said: Sequence[Check]) -> str:
    words = dict(said[0].values).get("title")
    return words.get(reading.language) if isinstance(words, Words) else ""


def _opposite(reading: Reading, said: Sequence[Check]) -> str:
    return next((reading.check(c) for c in said if c.name == "opposite"), "")


def _first(reading: Reading, said: Sequence[Check]) -> str:
    return reading.check(said[0])


def _nothing(reading: Reading, said: Sequence[Check]) -> str:
    return ""


def _written(reading: Reading, e: StudyEffect) -> str:
    at, low, high = known(e.estimate), known(e.low), known(e.high)
    if at is None or low is None or high is None:
        return "–"
    ratio = e.name in RATIOS
    size = fixed(at, 2, reading.language, sign=not ratio)
    return f"{'× ' if ratio else ''}{size} {reading.interval(low, high)}"
