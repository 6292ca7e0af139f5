"""What may be said of one claim, in full sentences, English and Italian.

Two things go together, or do not; nothing here speaks of a cause. Sizes are in the units of the
target for the declared step of the source.
"""

from collections.abc import Callable
from dataclasses import replace

from anello.model.chain import Link
from anello.model.evidence import BLOCK, FEWEST_UNITS, TWO_WAVES, Evidence, Level, Needs, Verdict

from .numbers import decimals_for, fixed, known, short
from .reading import Reading

WORDS = {
    Verdict.HOLDS: "Holds",
    Verdict.GOES_TOGETHER: "Go together",
    Verdict.BREAKS: "Breaks",
    Verdict.CANNOT_TELL_YET: "Cannot tell yet",
    Verdict.CANNOT_BE_TOLD: "Cannot be told this way",
    Verdict.DESCRIBED_ONLY: "Described only",
}


def word(reading: Reading, verdict: Verdict | None) -> str:
    """Return the word of a verdict; None is a link without data."""
    return reading.say(WORDS[verdict] if verdict is not None else "No data")


def sentence(reading: Reading, e: Evidence, link: Link) -> str:
    """Return the verdict sentence: verdict, what was seen, how sure, where, what to do.

    A careful reader would ask what "higher" is measured in: the step of the source is always
    written, as a declared step or as one standard deviation of that level.
    """
    parts = (SENTENCES[e.verdict](reading, e, link), _held_equal(reading, link), _cut(reading, e))
    return " ".join(part for part in parts if part)


def where(reading: Reading, level: Level) -> str:
    """Return the level inside a sentence: between Trusts, or inside Trusts over time."""
    if level == Level.BETWEEN:
        return reading.say("between {places}", places=reading.unit(2))
    inside = reading.unit(1 if reading.language == "it" else 2)
    return reading.say("inside {places} over time", places=inside)


def heading(reading: Reading, level: Level) -> str:
    """Return the level as a heading; the two are never merged and always bear these names."""
    if level == Level.BETWEEN:
        return reading.say("Between {units}", units=reading.unit(2))
    return reading.say("Inside each {unit}, over time", unit=reading.unit(1))


def needs(reading: Reading, need: Needs) -> str:
    """Return how many more units or waves would settle it, and why."""
    why = reading.told(need.reason).strip()
    why = why[:1].upper() + why[1:] + ("" if why.endswith((".", "?", "!", "…")) or not why else ".")
    return " ".join(part for part in (more(reading, need), why) if part)


def more(reading: Reading, need: Needs) -> str:
    """Return the numbers of `needs` in words, empty when there are none."""
    u, w = need.units or 0, need.waves or 0
    values = {
        "units": short(u, reading.language), "unit": reading.unit(u),
        "waves": short(w, reading.language), "wave": reading.wave(w),
    }  # fmt: skip
    if u and w:
        return reading.say_n(
            "About {units} {unit} more, or {waves} more {wave}.",
            "About {units} more {unit}, or {waves} more {wave}.",
            u, **values,
        )  # fmt: skip
    if u:
        return reading.say_n(
            "About {units} {unit} more.", "About {units} more {unit}.", u, **values
        )
    if w:
        return reading.say_n(
            "About {waves} {wave} more.", "About {waves} more {wave}.", w, **values
        )
    return ""


def step(reading: Reading, e: Evidence, link: Link) -> str:
    """Return the step of the source in words: one step (0.1), one standard deviation (0.15)."""
    if e.step is None:
        return "1"
    size = short(e.step, reading.language)
    if link.worth.step is None:
        return reading.say("one standard deviation ({size})", size=size)
    return reading.say("one step ({size})", size=size)


def change(reading: Reading, e: Evidence, *, bare: bool = False) -> str:
    """Return what the target shows for one step: 0.3 lower (0.1 to 0.5).

    An interval on both sides of zero names both directions; one that leaves zero out is never
    rounded onto it. `bare` leaves the interval out.
    """
    times = e.step if e.step is not None else 1.0
    size = (e.estimate or 0.0) * times
    low, high = known(e.low), known(e.high)
    if bare or low is None or high is None:
        return _one(reading, size, decimals_for(None, None, size))
    low, high = sorted((low * times, high * times))
    decimals = decimals_for(low, high, size)
    near = min(abs(low), abs(high))
    while low * high > 0 and not round(near, decimals) and decimals < 8:
        decimals += 1
    return _change(reading, size, low, high, decimals)


def _change(reading: Reading, size: float, low: float, high: float, decimals: int) -> str:
    first = _one(reading, size, decimals)
    if low < 0 < high:
        values = {"low": _one(reading, low, decimals), "high": _one(reading, high, decimals)}
        return reading.say("{size} (from {low} to {high})", size=first, **values)
    near, far = sorted((abs(low), abs(high)))
    written = [fixed(x, decimals, reading.language) for x in (near, far)]
    return reading.say("{size} ({low} to {high})", size=first, low=written[0], high=written[1])


def _one(reading: Reading, size: float, decimals: int) -> str:
    written = fixed(abs(size), decimals, reading.language)
    if size < 0:
        return reading.say("{size} lower", size=written)
    return reading.say("{size} higher", size=written)


def _seen(reading: Reading, e: Evidence, link: Link, *, bare: bool = False) -> str:
    values = {
        "source": reading.inline(link.source), "target": reading.inline(link.target),
        "step": step(reading, e, link), "change": change(reading, e, bare=bare),
        "waves": reading.waves(link.lag),
    }  # fmt: skip
    if link.lag:
        if e.level == Level.BETWEEN:
            text = "where {source} is {step} higher, {target} is {change} {waves} later"
        else:
            text = "when {source} is {step} higher, {target} is {change} {waves} later"
        return reading.say(text, **values)
    if e.level == Level.BETWEEN:
        return reading.say("where {source} is {step} higher, {target} is {change}", **values)
    return reading.say("when {source} is {step} higher, {target} is {change}", **values)


def _together(reading: Reading, e: Evidence, link: Link) -> str:
    seen = _seen(reading, e, link)
    return reading.say("Go together {where}: {seen}.", where=where(reading, e.level), seen=seen)


def _holds(reading: Reading, e: Evidence, link: Link) -> str:
    seen = _seen(reading, e, link)
    return reading.say("Holds {where}: {seen}.", where=where(reading, e.level), seen=seen)


def _breaks(reading: Reading, e: Evidence, link: Link) -> str:
    values = {"where": where(reading, e.level), "seen": _seen(reading, e, link)}
    values["worth"] = _worth(reading, e, link)
    turned = sorted((e.wished * (e.low or 0.0), e.wished * (e.high or 0.0)))
    if turned[1] < 0:
        return reading.say("Breaks {where}, the wrong way: {seen}.", **values)
    small = turned[0] > 0
    if small and link.worth.declared:
        text = "Breaks {where}: real, but smaller than the {worth} you said was worth it; {seen}."
    elif small:
        text = "Breaks {where}: real, but smaller than the {worth} taken as worth it; {seen}."
    elif link.worth.declared:
        text = (
            "Breaks {where}: if they go together at all, then by less than the {worth} "
            "you said was worth it; {seen}."
        )
    else:
        text = (
            "Breaks {where}: if they go together at all, then by less than the {worth} "
            "taken as worth it; {seen}."
        )
    return reading.say(text, **values)


def _worth(reading: Reading, e: Evidence, link: Link) -> str:
    """Return the smallest effect worth acting on as it was said: 0.2, or 0.2 SD of the target."""
    if not link.worth.standardised:
        return short(e.worth or 0.0, reading.language)
    size = short(link.worth.size, reading.language)
    return reading.say("{size} standard deviations", size=size)


def _not_yet(reading: Reading, e: Evidence, link: Link) -> str:
    values = {"where": where(reading, e.level), "units": reading.units(e.units)}
    first = reading.say(
        "Cannot tell yet {where}: in {units}, {seen}.", seen=_seen(reading, e, link), **values
    )
    return " ".join((first, *_why_not_yet(reading, e)))


def _why_not_yet(reading: Reading, e: Evidence) -> list[str]:
    why = [reading.check(c) for c in e.checks if c.status == BLOCK]
    if e.design == TWO_WAVES and not why:
        why = [reading.say("Two {waves} are too few to follow anything.", waves=reading.wave(2))]
    if e.needs is not None:
        why.append(more(reading, e.needs) if why else needs(reading, e.needs))
    return list(dict.fromkeys(part for part in why if part))


def _not_this_way(reading: Reading, e: Evidence, link: Link) -> str:
    first = reading.say("Cannot be told this way {where}.", where=where(reading, e.level))
    why = [reading.check(c) for c in e.checks if c.status == BLOCK]
    if e.needs is not None:
        why.append(needs(reading, e.needs))
    if not why:
        why = [reading.say("The data hold nothing to estimate.")]
    return " ".join((first, *dict.fromkeys(why)))


def _described(reading: Reading, e: Evidence, link: Link) -> str:
    first = reading.say(
        "Described only {where}: {units} are too few for a verdict, which takes {fewest}; "
        "in these, {seen}.",
        where=where(reading, e.level), units=reading.units(e.units), fewest=FEWEST_UNITS,
        seen=_seen(reading, e, link, bare=True),
    )  # fmt: skip
    return " ".join((first, *([needs(reading, e.needs)] if e.needs else [])))


def _held_equal(reading: Reading, link: Link) -> str:
    if not link.controls:
        return ""
    names = ", ".join(reading.inline(c) for c in link.controls)
    return reading.say("Held equal: {names}.", names=names)


def _cut(reading: Reading, e: Evidence) -> str:
    if not e.only:
        return ""
    cut = "; ".join(f"{column} = {value}" for column, value in e.only)
    return reading.say("Only where {cut}.", cut=cut)


SENTENCES: dict[Verdict, Callable[[Reading, Evidence, Link], str]] = {
    Verdict.HOLDS: _holds,
    Verdict.GOES_TOGETHER: _together,
    Verdict.BREAKS: _breaks,
    Verdict.CANNOT_TELL_YET: _not_yet,
    Verdict.CANNOT_BE_TOLD: _not_this_way,
    Verdict.DESCRIBED_ONLY: _described,
}


def both(reading: Reading, e: Evidence, link: Link) -> dict[str, str]:
    """Return the sentence in both languages."""
    return {lang: sentence(replace(reading, language=lang), e, link) for lang in ("en", "it")}
