"""What an outcome goes with, in which shares and how surely; a share is no lever."""

from itertools import groupby
from typing import Any

from anello.model.evidence import Level
from anello.model.findings import Driver
from anello.report.numbers import fixed, known
from anello.report.reading import Reading
from anello.report.sentences import heading

from .base import Section

SURE = 0.8


def _row(reading: Reading, d: Driver) -> dict[str, Any]:
    return {
        "theme": reading.measure(d.theme),
        "share": _percent(reading, d.lmg),
        "limits": _limits(reading, d),
        "first": "–" if d.first is None else _percent(reading, d.first),
        "noise": d.apart is False,
        "wide": f"{max(0.0, min(100.0, 100 * d.lmg)):.1f}",
        "weight": _percent(reading, d.weight),
        "r": fixed(d.r, 2, reading.language, sign=True),
        "beta": fixed(d.beta, 2, reading.language, sign=True),
    }


def _percent(reading: Reading, share: float) -> str:
    value = known(share)
    return "–" if value is None else f"{fixed(100 * value, 0, reading.language)} %"


def _limits(reading: Reading, d: Driver) -> str:
    low, high = known(d.low), known(d.high)
    if low is None or high is None:
        return "–"
    return reading.interval(100 * low, 100 * high, 0)


def _group(reading: Reading, drivers: list[Driver]) -> dict[str, Any]:
    first = drivers[0]
    levels = {level.value: heading(reading, level) for level in Level}
    ordered = sorted(drivers, key=lambda d: -d.lmg)
    drawn = first.noise is not None
    return {
        "outcome": reading.measure(first.outcome),
        "level": levels.get(first.level, reading.told(first.level)),
        "r2": _percent(reading, first.r2),
        "units": reading.units(first.units),
        "rows": [_row(reading, d) for d in ordered],
        "said": [_first(reading, ordered), *_noise(reading, first), *_copies(reading, drivers)]
        if drawn
        else [],
    }


def _first(reading: Reading, ordered: list[Driver]) -> str:
    """Return how sure the first place is, in words."""
    best = max(ordered, key=lambda d: d.first or 0.0)
    values = {"theme": reading.inline(best.theme), "often": _percent(reading, best.first or 0.0)}
    if (best.first or 0.0) >= SURE:
        return reading.say(
            "{theme} goes with it most in {often} of repeated draws of these {units}.",
            units=reading.unit(2), **values,
        )  # fmt: skip
    return reading.say(
        "Which theme comes first is open: {theme} does in {often} of repeated draws.",
        **values,
    )


def _noise(reading: Reading, first: Driver) -> list[str]:
    if first.noise is None:
        return []
    share = fixed(100 * first.noise, 1, reading.language)
    return [
        reading.say(
            "A column of random numbers would get up to {share} % (95 times in 100); a theme below "
            "that is not told apart from noise.",
            share=share,
        )
    ]


def _copies(reading: Reading, drivers: list[Driver]) -> list[str]:
    """Return one sentence for each group of near-copies."""
    told = []
    for d in drivers:
        group = sorted((d.theme, *d.copies))
        if d.copies and d.joint is not None and d.theme == group[0]:
            told.append(
                reading.say(
                    "{themes} are nearly the same (r of 0.9 or more) and divide what belongs to "
                    "both: as one they have {share}, first in {often}.",
                    themes=", ".join(reading.inline(theme) for theme in group),
                    share=_percent(reading, d.joint),
                    often=_percent(reading, d.joint_first or 0.0),
                )
            )
    return told


def _context(reading: Reading) -> dict[str, Any] | None:
    rows = groupby(reading.findings.drivers, key=lambda d: (d.outcome, d.level))
    groups = [_group(reading, list(drivers)) for _, drivers in rows]
    return {"groups": groups} if groups else None


SECTION = Section("What goes with what", _context)
