"""Sums of money in words: never one without its interval, in the digits that mean something."""

from babel.numbers import format_currency

from anello.model.chain import Link
from anello.model.evidence import Level
from anello.model.money import CUSTOMERS, HOURS, LEAVERS, Interval, MoneyFigure
from anello.stats.money.rounding import place, read

from .numbers import MINUS, short
from .reading import Reading

ROLE_WORDS = {
    LEAVERS: "People who leave",
    CUSTOMERS: "Customers who are lost",
    HOURS: "Hours of managers",
}


def money(value: float, currency: str, language: str, power: int = 0) -> str:
    """Write a sum as people of a language do, rounded to a power of ten.

    >>> money(1234.4, "EUR", "en"), money(-1234.4, "EUR", "it", 1).replace(chr(160), " ")
    ('€1,234', '−1.230 €')
    >>> money(0.456, "EUR", "en", -2)
    '€0.46'
    """
    rounded = read(value, power)
    pattern = "¤#,##0" if language == "en" else "#,##0\xa0¤"
    if power < 0:
        pattern = pattern.replace("0", "0." + "0" * min(-power, 8), 1)
    text = format_currency(
        abs(rounded), currency, format=pattern, locale=language, currency_digits=False
    )
    return MINUS + text if rounded < 0 else text


def summed(reading: Reading, of: Interval, currency: str) -> str:
    """Return a sum with its interval: €1,230 (€310 to €2,140)."""
    power = place(of.low, of.mid, of.high)
    low, mid, high = (
        money(x, currency, reading.language, power) for x in (of.low, of.mid, of.high)
    )
    if low == high:
        return reading.say("{sum}, taken as exact", sum=mid)
    return reading.say("{sum} (from {low} to {high})", sum=mid, low=low, high=high)


def way(reading: Reading, figure: MoneyFigure) -> str:
    """Return the title of a figure: its path in words, or what is charged."""
    if figure.kind in ROLE_WORDS:
        return reading.say(ROLE_WORDS[figure.kind])
    return " → ".join(reading.measure(key) for key in figure.path)


def sentence(reading: Reading, figure: MoneyFigure) -> str:
    """Return what a figure says, with the words "if it were causal" wherever they are due."""
    if figure.refused is not None or figure.product is None:
        return reading.check(figure.refused) if figure.refused is not None else ""
    return _path(reading, figure) if figure.kind == "path" else _cost(reading, figure)


def _path(reading: Reading, figure: MoneyFigure) -> str:
    assert figure.product is not None
    values = {
        "step": step(reading, figure),
        "source": reading.inline(figure.path[0]),
        "sum": summed(reading, figure.product, figure.currency),
        "per": _per(reading, figure),
    }
    if figure.conditional:
        return reading.say(
            "If it were causal: {step} more of {source} would come to {sum} {per}.", **values
        )
    text = reading.say("{step} more of {source} goes with {sum} {per}.", **values)
    return text[:1].upper() + text[1:]


def step(reading: Reading, figure: MoneyFigure) -> str:
    """Return the step of the source: a declared one, or one standard deviation."""
    size = short(figure.step or 1.0, reading.language)
    declared = first_link(reading, figure)
    if declared is not None and declared.worth.step is not None:
        return reading.say("one step ({size})", size=size)
    return reading.say("one standard deviation ({size})", size=size)


def first_link(reading: Reading, figure: MoneyFigure) -> Link | None:
    """Return the first link of a path, as the chain has it."""
    ends = figure.path[:2]
    return next((link for link in reading.chain.links if (link.source, link.target) == ends), None)


def _per(reading: Reading, figure: MoneyFigure) -> str:
    if "year" in figure.per:
        return reading.say("per {unit} and year", unit=reading.unit(1))
    return reading.say("per {unit} and {wave}", unit=reading.unit(1), wave=reading.wave(1))


def _cost(reading: Reading, figure: MoneyFigure) -> str:
    assert figure.product is not None
    values = {
        "measure": reading.inline(figure.path[0]),
        "reference": short(figure.step or 0.0, reading.language),
        "sum": summed(reading, figure.product, figure.currency),
        "units": reading.unit(2),
        "per": period(reading, figure),
    }
    if figure.conditional:
        return reading.say(
            "If it were causal: for all {units} together, {measure} worse than {reference} would "
            "cost {sum} {per}.",
            **values,
        )
    return reading.say(
        "For all {units} together, {measure} worse than {reference} goes with costs of {sum} "
        "{per}.",
        **values,
    )


def period(reading: Reading, figure: MoneyFigure) -> str:
    """Return over how long a figure of all units counts."""
    if "year" in figure.per:
        return reading.say("a year")
    return reading.say("each {wave}", wave=reading.wave(1))


def beside(reading: Reading, figure: MoneyFigure) -> list[str]:
    """Return what stands beside a path: all units, and the link that was estimated directly."""
    found = []
    if figure.everywhere is not None:
        found.append(reading.say(
            "In all {units} that were seen: {sum} {per}.", units=reading.units(figure.units),
            sum=summed(reading, figure.everywhere, figure.currency), per=period(reading, figure),
        ))  # fmt: skip
    if figure.direct is not None:
        found.append(reading.say(
            "Estimated at once, from the first to the last: {sum} {per}. Two estimates of one "
            "thing, not to be added.",
            sum=summed(reading, figure.direct, figure.currency), per=_per(reading, figure),
        ))  # fmt: skip
    if figure.disagree:
        found.append(reading.say(
            "The two disagree beyond chance: this path is not the whole way, or one of its links "
            "is measured too coarsely."
        ))  # fmt: skip
    return found


def counts(reading: Reading, figure: MoneyFigure) -> str:
    """Return where a figure comes from and how much stands behind its weakest link."""
    if figure.product is None:
        return ""
    inside = figure.level is Level.WITHIN
    where = (
        reading.say("inside each {unit}, over time", unit=reading.unit(1))
        if inside
        else reading.say("between {units}", units=reading.unit(2))
    )
    n = reading.people(figure.n) if figure.persons else short(figure.n, reading.language)
    parts = (where, reading.units(figure.units), reading.waves(figure.waves), f"n {n}")
    return " · ".join(parts)
