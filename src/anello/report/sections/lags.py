"""The effect inside a unit, wave by wave later: a profile, never a proof of direction."""

from typing import Any

from markupsafe import Markup

from anello.model.findings import LagPoint
from anello.report.drawing.intervals import lag_profile
from anello.report.numbers import fixed, known
from anello.report.reading import Reading

from .base import Section


def _row(reading: Reading, p: LagPoint) -> dict[str, Any]:
    at, low, high, q = (known(x) for x in (p.standardised, p.low, p.high, p.q))
    return {
        "lag": p.lag,
        "size": "–" if at is None else fixed(at, 2, reading.language, sign=True),
        "limits": "–" if low is None or high is None else reading.interval(low, high),
        "q": "–" if q is None else fixed(q, 3, reading.language),
        "units": p.units,
    }


def profiles(reading: Reading) -> dict[tuple[str, str], tuple[LagPoint, ...]]:
    """Return the points of each directed pair, by lag."""
    found: dict[tuple[str, str], list[LagPoint]] = {}
    for p in reading.findings.lags:
        found.setdefault((p.source, p.target), []).append(p)
    return {pair: tuple(sorted(ps, key=lambda p: p.lag)) for pair, ps in found.items()}


def _context(reading: Reading) -> dict[str, Any] | None:
    groups = []
    for i, ((source, target), points) in enumerate(profiles(reading).items(), 1):
        title = f"{reading.measure(source)} → {reading.measure(target)}"
        figure = Markup(lag_profile(reading, points, f"lag-{i}", title))
        rows = [_row(reading, p) for p in points]
        groups.append({"title": title, "figure": figure, "rows": rows})
    return {"groups": groups} if groups else None


SECTION = Section("Now, or later?", _context)
