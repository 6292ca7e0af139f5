"""The first thing on the page: what the whole chain says, and how its links were counted."""

from anello.model.evidence import Evidence, Verdict

from .numbers import known
from .reading import Reading

ANSWERS = ("mixed", "counted")


def headline(reading: Reading) -> str:
    """Return what stands above the picture, as one line."""
    return " ".join(headlines(reading))


def headlines(reading: Reading) -> list[str]:
    """Return the sentences above the picture: between units first, then inside them over time.

    Only links of at least ten units count; a chain of fewer is drawn and not judged.
    """
    if not reading.pairs and reading.findings.studies:
        return [studied(reading)]
    between = [p.between for p in reading.pairs if _judged(p.between)]
    within = [p.within for p in reading.pairs if _judged(p.within)]
    if not between and not within:
        units = max((e.units for p in reading.pairs for e in p.rows), default=0)
        said = reading.say("{units}: enough to draw the chain, not to judge it.",
                           units=reading.units(units))  # fmt: skip
        return [said]
    return [_between(reading, between), _within(reading, within)]


def _judged(e: Evidence | None) -> bool:
    return e is not None and known(e.estimate) is not None and e.verdict != Verdict.DESCRIBED_ONLY


def _together(rows: list[Evidence | None]) -> int:
    wanted = (Verdict.GOES_TOGETHER, Verdict.HOLDS)
    return sum(e is not None and e.verdict in wanted for e in rows)


def _between(reading: Reading, rows: list[Evidence | None]) -> str:
    n, values = _together(rows), {"all": len(rows), "units": reading.unit(2)}
    if not rows:
        return reading.say("Between {units}, nothing can be compared yet.", **values)
    if not n:
        return reading.say("Between {units}, no link goes together.", **values)
    return reading.say_n(
        "Between {units}, {n} link of {all} goes together.",
        "Between {units}, {n} links of {all} go together.",
        n, **values,
    )  # fmt: skip


def _within(reading: Reading, rows: list[Evidence | None]) -> str:
    n, values = _together(rows), {"all": len(rows), "unit": reading.unit(1)}
    if not rows:
        return reading.say("Inside each {unit}, nothing can be followed over time yet.", **values)
    if not n:
        return reading.say("Inside each {unit} over time, none does yet.", **values)
    return reading.say_n(
        "Inside each {unit} over time, {n} of {all} does.",
        "Inside each {unit} over time, {n} of {all} do.",
        n, **values,
    )  # fmt: skip


def lead(reading: Reading) -> str:
    """Return how many links wear which verdict, and how much is not measured."""
    if not reading.pairs and reading.findings.studies:
        return _followed(reading)
    counts = [(v, sum(p.verdict == v for p in reading.pairs)) for v in Verdict]
    parts = [_counted(reading, verdict, n) for verdict, n in counts if n]
    if nothing := sum(p.verdict is None for p in reading.pairs):
        parts.append(reading.say_n("{n} has no data", "{n} have no data", nothing))
    first = reading.say_n("{n} link was looked at: {parts}.", "{n} links were looked at: {parts}.",
                          len(reading.pairs), parts=", ".join(parts))  # fmt: skip
    missing = len(unmeasured(reading))
    if not missing:
        return first
    return f"{first} " + reading.say_n(
        "{n} part of the chain is not measured yet.",
        "{n} parts of the chain are not measured yet.",
        missing,
    )


def unmeasured(reading: Reading) -> list[str]:
    """Return the labels of the constructs that nothing measures."""
    measured = {m.construct for m in reading.chain.measures}
    return [
        c.label.get(reading.language) for c in reading.chain.constructs if c.key not in measured
    ]


def _counted(reading: Reading, verdict: Verdict, n: int) -> str:
    if verdict == Verdict.HOLDS:
        return reading.say_n("{n} holds", "{n} hold", n)
    if verdict == Verdict.GOES_TOGETHER:
        return reading.say_n("{n} goes together over time", "{n} go together over time", n)
    if verdict == Verdict.BREAKS:
        return reading.say_n("{n} breaks", "{n} break", n)
    if verdict == Verdict.CANNOT_TELL_YET:
        return reading.say_n("{n} cannot be told yet", "{n} of them cannot be told yet", n)
    if verdict == Verdict.CANNOT_BE_TOLD:
        return reading.say_n(
            "{n} cannot be told this way", "{n} of them cannot be told this way", n
        )
    return reading.say_n("{n} is described only", "{n} are described only", n)


def studied(reading: Reading) -> str:
    """Return what the studies of persons say when the chain has no link of its own."""
    rows = [(c.name, c.sentence) for s in reading.findings.studies for c in s.told]
    opposite = sum(name == "opposite" for name, _ in rows)
    if opposite:
        return reading.say_n(
            "What happens inside a person contradicts, in {n} pair, what comparing people would "
            "say.",
            "What happens inside a person contradicts, in {n} pairs, what comparing people would "
            "say.",
            opposite,
        )
    if not rows and _too_few(reading):
        return reading.say("The studies rest on too few people to be shown.")
    if not rows:
        return reading.say("What was asked cannot be told from these rows.")
    if all(s.kind in ANSWERS for s in reading.findings.studies):
        return reading.say("What hangs together in single answers, whatever their unit.")
    if all(s.kind in ("contagion", "counter") for s in reading.findings.studies):
        return _on_shift(reading, [name for name, _ in rows])
    return reading.say("What happens inside a person, beside what differs between people.")


def _on_shift(reading: Reading, names: list[str]) -> str:
    n = names.count("shift")
    of = n + names.count("shift_open")
    if not n:
        return reading.say("On the shift, no link goes together.")
    return reading.say_n("On the shift, {n} link of {all} goes together.",
                         "On the shift, {n} links of {all} go together.", n, all=of)  # fmt: skip


def _too_few(reading: Reading) -> bool:
    refused = [s.refused for s in reading.findings.studies if s.refused is not None]
    return all(r.name == "few_persons" for r in refused)


def _followed(reading: Reading) -> str:
    people = max(s.persons for s in reading.findings.studies)
    if not people and not _too_few(reading):
        return reading.say("Why it cannot be told is said at each study.")
    if not people:
        return reading.say("Nothing can be shown without speaking of single people.")
    if all(s.kind in ANSWERS for s in reading.findings.studies):
        return reading.say(
            "{persons} people answered; no person's own result is shown here.",
            persons=reading.people(people),
        )
    return reading.say(
        "{persons} people were followed over time; no person's own result is shown here.",
        persons=reading.people(people),
    )
