"""A plan for a terminal: what each link could find, and what it would take to find it."""

from collections.abc import Sequence
from typing import Any

from anello.model.chain import Chain
from anello.model.plan import Prospect
from anello.model.words import say

from .numbers import fixed
from .terminal import LEVELS, table

COLUMNS = (
    "link",
    "level",
    "units",
    "waves",
    "smallest effect",
    "worth",
    "chance",
    "breaks if none",
    "units for it",
    "waves for it",
)


def lines(made: Any, language: str) -> list[str]:
    """Return what was simulated, a row for each link and level, and how to read it."""
    if made.planned is None:
        head = say("By simulation on your own history, {draws} times for each figure.", language,
                   draws=made.draws)  # fmt: skip
    elif made.history:
        head = say("By your own history, for the units and waves of a plan.", language)
    else:
        head = say("Before anything is asked, by the numbers of the plan.", language)
    return [head, "", *rows(made.chain, made.prospects, language), "", *_reading(made, language)]


def checked(found: Any, language: str) -> list[str]:
    """Return what the links could find with the data that were checked, before they are fitted."""
    if not found.prospects:
        return []
    head = say("What could be found, by the variances of these data:", language)
    return ["", head, "", *rows(found.chain, found.prospects, language)]


def rows(chain: Chain, prospects: Sequence[Prospect], language: str) -> list[str]:
    """Return the prospects as a table, sizes in standard deviations and chances in per cent."""
    header = [say(name, language) for name in COLUMNS]
    return table(header, [_cells(chain, p, language) for p in prospects])


def _cells(chain: Chain, p: Prospect, language: str) -> list[str]:
    lag = f" (+{p.claim.lag})" if p.claim.lag else ""
    source, target = (
        chain.measure(key).label.get(language) for key in (p.claim.source, p.claim.target)
    )
    units = chain.units.label.many.get(language)
    return [
        f"{source} → {target}{lag}",
        say(LEVELS[p.level.value], language, units=units),
        str(p.units),
        str(p.waves),
        _size(p.detectable, language),
        _size(p.worth, language),
        chance(p.seen, language),
        chance(p.nothing, language),
        "-" if p.units_for is None else str(p.units_for),
        "-" if p.waves_for is None else str(p.waves_for),
    ]


def _size(value: float | None, language: str) -> str:
    return "-" if value is None else fixed(value, 2, language)


def chance(value: float | None, language: str) -> str:
    """Return a chance in per cent; one that only rounds to none or to all is not called so.

    >>> chance(0.8, "en"), chance(0.999, "it"), chance(0.0, "en"), chance(None, "en")
    ('80 %', '> 99 %', '< 1 %', '-')
    """
    if value is None:
        return "-"
    if value < 0.005 or value > 0.995:
        return "< 1 %" if value < 0.005 else "> 99 %"
    return f"{fixed(100 * value, 0, language)} %"


def _reading(made: Any, language: str) -> list[str]:
    caps = dict.fromkeys(p.cap for p in made.prospects if p.cap)
    error = max((p.error for p in made.prospects), default=0.0)
    told = [
        say("Effects are standard deviations. The smallest effect, and units and waves for it, are "
            "counted for four chances in five; - is out of reach, or was not told.", language),
        *(say(text, language) for text in caps),
    ]  # fmt: skip
    if error:
        told.append(say("Chances are simulated, to {error} points (one standard error) or better.",
                        language, error=fixed(100 * error, 1, language)))  # fmt: skip
    return told


def as_json(made: Any) -> dict[str, Any]:
    """Return the same as values."""
    return {
        "by": "history" if made.history else "plan",
        "draws": made.draws,
        "links": values(made.prospects),
    }


def values(prospects: Sequence[Prospect]) -> list[dict[str, Any]]:
    """Return prospects as plain rows."""
    return [
        {"source": p.claim.source, "target": p.claim.target, "lag": p.claim.lag,
         "level": p.level.value, "units": p.units, "waves": p.waves, "worth_acting_on": p.worth,
         "seen": p.seen, "found": p.found, "broken_if_none": p.nothing, "error": p.error,
         "detectable": p.detectable, "units_for_80": p.units_for, "waves_for_80": p.waves_for,
         "cap": p.cap}
        for p in prospects
    ]  # fmt: skip
