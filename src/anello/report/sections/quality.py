"""How good the measures are, printed before any unit mean is used."""

from typing import Any

from anello.model.findings import Quality
from anello.model.invariance import Alike, Invariance
from anello.report.invariance_words import LEVELS, STEPS, sentence
from anello.report.numbers import fixed, known, whole
from anello.report.reading import Reading

from .base import Section

SHARES = (
    ("alpha", "Alpha"),
    ("omega", "Omega"),
    ("icc1", "ICC(1)"),
    ("icc2", "ICC(2)"),
    ("rwg", "rWG"),
)

MOST_ROWS = 24
"""A longer table is folded; what is shown then is the latest figure of each measure."""


def _number(reading: Reading, value: float | None) -> str:
    exact = known(value)
    return "–" if exact is None else fixed(exact, 2, reading.language)


def _row(reading: Reading, q: Quality, columns: list[str]) -> dict[str, Any]:
    n = "–" if q.n is None else whole(q.n, reading.language)
    rate = known(q.response_rate)
    return {
        "measure": reading.measure(q.measure),
        "wave": q.wave,
        "units": q.units,
        "n": reading.people(q.n) if q.n is not None and reading.persons(q.measure) else n,
        "mean": _number(reading, q.mean),
        "sd": _number(reading, q.sd),
        "shares": [_number(reading, getattr(q, column)) for column in columns],
        "rate": "–" if rate is None else f"{fixed(100 * rate, 0, reading.language)} %",
        "withheld": q.withheld,
    }


def _fits(reading: Reading, found: Invariance) -> list[dict[str, str]]:
    def shown(value: float | None, sign: bool = False) -> str:
        return "–" if value is None else fixed(value, 3, reading.language, sign=sign)

    return [
        {
            "measure": reading.measure(found.measure),
            "step": reading.say(STEPS[step.name]),
            "waves": whole(len(found.groups), reading.language),
            "n": reading.people(found.n),
            "cfi": shown(step.cfi),
            "change": shown(step.delta_cfi, sign=True),
            "rmsea": shown(step.rmsea),
            "level": reading.say(LEVELS[found.level]),
        }
        for step in found.steps
    ]


def _alike(reading: Reading, found: Invariance) -> dict[str, str]:
    label, waves = reading.measure(found.measure), reading.waves(len(found.groups))
    text = sentence(found, label, waves, reading.language)
    return {"kind": "ok" if found.level is Alike.SCALAR else "warn", "text": text}


def _context(reading: Reading) -> dict[str, Any] | None:
    rows = reading.findings.quality
    if not rows:
        return None
    shown = [(k, h) for k, h in SHARES if any(known(getattr(q, k)) is not None for q in rows)]
    columns = [key for key, _ in shown]
    latest = {q.measure: q for q in rows}
    folded = len(rows) > MOST_ROWS and len(latest) < len(rows)
    return {
        "columns": [head for _, head in shown],
        "rows": [_row(reading, q, columns) for q in rows],
        "latest": [_row(reading, q, columns) for q in (latest.values() if folded else rows)],
        "earlier": folded,
        "rates": any(known(q.response_rate) is not None for q in rows),
        "withheld": reading.findings.withheld,
        "k": reading.chain.disclosure.k,
        "alike": [_alike(reading, found) for found in reading.findings.invariance],
        "fits": [row for found in reading.findings.invariance for row in _fits(reading, found)],
    }


SECTION = Section("How good the measures are", _context)
