"""How good the measures are, printed before any unit mean is used."""

from typing import Any

from anello.model.findings import Quality
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


def _context(reading: Reading) -> dict[str, Any] | None:
    rows = reading.findings.quality
    if not rows:
        return None
    shown = [(k, h) for k, h in SHARES if any(known(getattr(q, k)) is not None for q in rows)]
    return {
        "columns": [head for _, head in shown],
        "rows": [_row(reading, q, [k for k, _ in shown]) for q in rows],
        "rates": any(known(q.response_rate) is not None for q in rows),
        "withheld": reading.findings.withheld,
        "k": reading.chain.disclosure.k,
    }


SECTION = Section("How good the measures are", _context)
