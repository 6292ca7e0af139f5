"""Which of two comes first, in full sentences; coming first is said, a cause never."""

from anello.model.evidence import BLOCK
from anello.model.loop import CrossLag, CrossLags, Loop, LoopVerdict

from .numbers import fixed
from .reading import Reading

LED = (LoopVerdict.FORWARD, LoopVerdict.BACKWARD, LoopVerdict.BOTH)
STYLES = {
    LoopVerdict.FORWARD: "holds",
    LoopVerdict.BACKWARD: "holds",
    LoopVerdict.BOTH: "holds",
    LoopVerdict.NONE: "breaks",
    LoopVerdict.CANNOT_TELL_YET: "yet",
}


def title(reading: Reading, loop: Loop) -> str:
    """Return a pair in words: Engagement ⇄ Customer satisfaction, and its cut."""
    text = f"{reading.measure(loop.source)} ⇄ {reading.measure(loop.target)}"
    if loop.only:
        text += " (" + "; ".join(f"{column} = {value}" for column, value in loop.only) + ")"
    return text


def word(reading: Reading, loop: Loop, verdict: LoopVerdict) -> str:
    """Return a verdict in a few words."""
    if verdict is LoopVerdict.FORWARD:
        return reading.say("{source} comes first", source=reading.measure(loop.source))
    if verdict is LoopVerdict.BACKWARD:
        return reading.say("{source} comes first", source=reading.measure(loop.target))
    if verdict is LoopVerdict.BOTH:
        return reading.say("Both ways")
    if verdict is LoopVerdict.NONE:
        return reading.say("Neither comes first")
    return reading.say("Cannot tell yet")


def sentence(reading: Reading, loop: Loop) -> str:
    """Return what follows the verdict's word: what was seen one wave later, and how sure."""
    found, verdict = loop.judged, loop.verdict
    if found is None or verdict is LoopVerdict.CANNOT_TELL_YET:
        return _open(reading, loop)
    if verdict is LoopVerdict.NONE:
        return reading.say(
            "one {wave} later, {forward} and {back}: less than {worth} standard deviations, "
            "which is too small to act on.",
            wave=reading.wave(1), forward=_follows(reading, found.forward),
            back=_follows(reading, found.back), worth=fixed(loop.worth, 2, reading.language),
        )  # fmt: skip
    if verdict is LoopVerdict.BOTH:
        return reading.say(
            "one {wave} later, {forward}, and {back}.",
            wave=reading.wave(1), forward=_follows(reading, found.forward),
            back=_follows(reading, found.back),
        )  # fmt: skip
    first, other = found.forward, found.back
    if verdict is LoopVerdict.BACKWARD:
        first, other = other, first
    text = (
        "when it is one standard deviation above what is usual for the same {unit}, {target} is "
        "{change} one {wave} later. The other way round it is {other}: too small to act on."
    )
    if not other.absent:
        text = (
            "when it is one standard deviation above what is usual for the same {unit}, {target} "
            "is {change} one {wave} later. The other way round it is {other}, and surely weaker."
        )
    return reading.say(
        text, unit=reading.unit(1), target=reading.inline(first.target), wave=reading.wave(1),
        change=change(reading, first), other=size(reading, other),
    )  # fmt: skip


def _open(reading: Reading, loop: Loop) -> str:
    why = [reading.check(c) for c in loop.checks if c.status == BLOCK]
    if why:
        return " ".join(why)
    if loop.judged is None:
        return ""
    return reading.say(
        "one {wave} later, {forward} and {back}; the intervals still hold both nothing and enough "
        "to act on.",
        wave=reading.wave(1), forward=_follows(reading, loop.judged.forward),
        back=_follows(reading, loop.judged.back),
    )  # fmt: skip


def _follows(reading: Reading, lag: CrossLag) -> str:
    return reading.say(
        "{target} follows {source} by {size}",
        target=reading.inline(lag.target), source=reading.inline(lag.source),
        size=size(reading, lag),
    )  # fmt: skip


def size(reading: Reading, lag: CrossLag) -> str:
    """Return a cross-lag as a number with its interval."""
    at = fixed(lag.standardised, 2, reading.language, sign=True)
    return f"{at} {reading.interval(lag.low, lag.high)}"


def change(reading: Reading, lag: CrossLag) -> str:
    """Return a cross-lag in words: 0.36 standard deviations higher (0.24 to 0.48)."""
    low, high = sorted((lag.low, lag.high), key=abs)
    values = {
        "size": fixed(abs(lag.standardised), 2, reading.language),
        "low": fixed(abs(low), 2, reading.language),
        "high": fixed(abs(high), 2, reading.language),
    }
    if lag.low < 0 < lag.high:
        return size(reading, lag)
    if lag.standardised < 0:
        return reading.say("{size} standard deviations lower ({low} to {high})", **values)
    return reading.say("{size} standard deviations higher ({low} to {high})", **values)


def without(reading: Reading, loop: Loop) -> str:
    """Return what the CLPM would have said, and that it cannot be believed."""
    if loop.naive is None:
        return ""
    verdict = loop.naive.claim
    said = word(reading, loop, verdict)
    if loop.judged is not None and verdict in LED and verdict is not loop.verdict:
        return reading.say(
            "A model that leaves stable differences in (CLPM) would have said: “{said}”. Stable "
            "differences between {units} can look like that.",
            said=said, units=reading.unit(2),
        )  # fmt: skip
    if loop.judged is None:
        return reading.say(
            "What a CLPM says, “{said}”, cannot separate stable differences: it is no answer.",
            said=said,
        )
    return reading.say(
        "A model that leaves stable differences in (CLPM) would have said: “{said}”.", said=said
    )


def stable(reading: Reading, loop: Loop) -> str:
    """Return how much is stable, how it goes together, and what happens in the same wave."""
    if loop.stable is None or loop.stable_source is None or loop.stable_target is None:
        return ""
    shares = [
        f"{fixed(100 * x, 0, reading.language)} %" for x in (loop.stable_source, loop.stable_target)
    ]
    return reading.say(
        "Stable in each {unit}: {one} of {source} and {other} of {target}; their usual levels go "
        "together by r = {r}. What is new in the same {wave} goes together by r = {now}: that has "
        "no direction here.",
        unit=reading.unit(1), one=shares[0], other=shares[1], source=reading.inline(loop.source),
        target=reading.inline(loop.target), r=fixed(loop.stable, 2, reading.language),
        wave=reading.wave(1), now=fixed(loop.together or 0.0, 2, reading.language),
    )  # fmt: skip


def difference(reading: Reading, found: CrossLags) -> str:
    """Return forward less back, with its interval."""
    at = fixed(found.difference, 2, reading.language, sign=True)
    return f"{at} {reading.interval(found.difference_low, found.difference_high)}"


def board_line(reading: Reading) -> str:
    """Return the one line of the board's sheet: the first pair that was decided; else empty."""
    led = [loop for loop in reading.findings.loops if loop.verdict in LED]
    if not led:
        return ""
    first = max(led, key=_strongest)
    text = f"{title(reading, first)}: {word(reading, first, first.verdict)}."
    more = len(led) - 1
    if not more:
        return text
    return f"{text} " + reading.say_n(
        "{n} more pair with a direction is in the report.",
        "{n} more pairs with a direction are in the report.",
        more,
    )


def _strongest(loop: Loop) -> float:
    found = loop.judged
    return max(abs(x.standardised) for x in (found.forward, found.back)) if found else 0.0
