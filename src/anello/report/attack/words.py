"""What the attacker found, in words for people and in JSON for machines."""

from typing import Any

from anello.model.words import say, say_n
from anello.protect.attack import Attacked, Figure, Finding, Kind, Row
from anello.report.numbers import fixed, whole

from .figures import Read

NAMED = 8
CASES = 6
FIGURES = 12


def lines(found: Attacked, read: Read, language: str) -> list[str]:
    """Return the count, every finding with the figures it follows from, and what was not looked at.

    Of the count only the lines with something found are shown; the JSON has them all.
    """
    head = [_put_together(found, read, language)]
    if read.no_scale:
        head.append(
            say(
                "Not attacked, because no release tells the scale (give it with --scale): {names}",
                language,
                names=", ".join(_label(read, m, language) for m in read.no_scale),
            )
        )
    if not found.found:
        nothing = say("No single answer follows from these figures, and no side.", language)
        return [*head, nothing]
    rows = [_row(r, read, language) for r in found.rows if r.exact or r.side or r.conditional]
    told = [line for f in found.findings for line in ("", *_finding(f, read, language))]
    return [*head, *rows, *told]


def _put_together(found: Attacked, read: Read, language: str) -> str:
    releases = len({f.release for f in read.figures})
    cells = len({(r.measure, r.wave) for r in found.rows})
    figures = say_n(
        "{n} figure of people was put together", "{n} figures of people were put together",
        len(read.figures), language,
    )  # fmt: skip
    of = say_n("of {n} release", "of {n} releases", releases, language)
    each = say_n("in {n} question and wave.", "in {n} questions and waves.", cells, language)
    return f"{figures}, {of}, {each}"


def _row(r: Row, read: Read, language: str) -> str:
    return say(
        "{measure}, {wave}, {release}: figures {equations}, answers found exactly {exact}, side of "
        "the middle certain {side}, findings under a condition {conditional}.",
        language,
        measure=_label(read, r.measure, language),
        wave=r.wave,
        release=r.release or say("all releases together", language),
        equations=r.equations,
        exact=r.exact,
        side=r.side,
        conditional=r.conditional,
    )


def _label(read: Read, measure: str, language: str) -> str:
    return read.labels.get(measure, {}).get(language, measure)


def _finding(f: Finding, read: Read, language: str) -> list[str]:
    """Return the sentence of a finding, what it supposes, and the figures behind it."""
    first = f.figures[0]
    where = f"{_label(read, first.measure, language)}, {first.wave}"
    told = [f"{where}. {sentence(f, language)}"]
    if f.who:
        told.append("  " + _who(f, language))
    told += ["  " + _case(f, n, language) for n in range(min(len(f.cases), CASES))]
    if f.between and f.kind is Kind.JOINED:
        told.append("  " + say("Supposing that the same people stand behind both.", language))
    told += ["  " + _figure(one, language) for one in f.figures[:FIGURES]]
    more = len(f.figures) - FIGURES
    if more > 0:
        told.append("  " + say_n("and {n} more figure", "and {n} more figures", more, language))
    return told


def sentence(f: Finding, language: str) -> str:
    """Return what follows, in one sentence."""
    place = " + ".join(f.place) or say("those whom no figure shows alone", language)
    n = _people(f, language)
    if f.kind is Kind.TWICE:
        return say(
            "{place} was told more than once, and not alike. Each further telling brings single "
            "answers nearer.",
            language,
            place=place,
        )
    if f.kind is Kind.CHANGED:
        return _changed(f, place, language)
    if f.kind is Kind.SMALL:
        return say(
            "{place}: the difference tells of {n}, fewer than promised.", language, place=place, n=n
        )
    if f.kind is Kind.SQUARES:
        answers = "; ".join(_number(a, language) for a in f.answers)
        return say(
            "{place}: mean and spread leave one set of answers: {answers}.",
            language,
            place=place,
            answers=answers,
        )
    if not f.certain:
        return say(
            "{place}: for {told} of {choices} choices of the numbers of people that fit, an answer "
            "follows.",
            language,
            place=place,
            told=len(f.cases),
            choices=f.choices,
        )
    return say("{place}: {n}, each answer {value}.", language, place=place, n=n,
               value=_value(f.least, f.most, f, language))  # fmt: skip


def _changed(f: Finding, place: str, language: str) -> str:
    if f.certain:
        return say(
            "{place} was told twice. If exactly one person left or joined in between, that "
            "person's answer is {value}.",
            language,
            place=place,
            value=_value(f.least, f.most, f, language),
        )
    return say(
        "{place} was told twice. If exactly one person left or joined in between, that person's "
        "answer follows from the numbers of people:",
        language,
        place=place,
    )


def _people(f: Finding, language: str) -> str:
    least, most = f.people
    if least == most:
        return say_n("{n} person", "{n} people", least, language)
    return say("{least} to {most} people", language, least=least, most=most)


def _value(least: float, most: float, f: Finding, language: str) -> str:
    if most - least < 1e-4 * (f.figures[0].scale.high - f.figures[0].scale.low):
        return _number((least + most) / 2, language)
    if most >= f.figures[0].scale.high:
        return say("{least} or more", language, least=_number(least, language))
    if least <= f.figures[0].scale.low:
        return say("{most} or less", language, most=_number(most, language))
    return say(
        "from {least} to {most}",
        language,
        least=_number(least, language),
        most=_number(most, language),
    )


def _case(f: Finding, at: int, language: str) -> str:
    case = f.cases[at]
    value = _value(case.least, case.most, f, language)
    if not case.n:
        return say("{value}, if any of them answered.", language, value=value)
    counts = ", ".join(str(n) for n in case.n)
    return say("{value}, if the figures have {counts} people.", language, value=value,
               counts=counts)  # fmt: skip


def _who(f: Finding, language: str) -> str:
    names = ", ".join(f.who[:NAMED]) + (", ..." if len(f.who) > NAMED else "")
    if f.everyone:
        return say("By the list these are: {names}", language, names=names)
    return say("By the list they are among: {names}", language, names=names)


def _figure(one: Figure, language: str) -> str:
    return say(
        "from {release}: {place} = {mean} ({low} to {high} people)",
        language,
        release=one.release,
        place=one.label or say("everybody shown", language),
        mean=_mean(one, language),
        low=whole(one.n[0], language),
        high=whole(one.n[1], language),
    )


def _mean(one: Figure, language: str) -> str:
    if not one.coded:
        return _number((one.least + one.most) / 2, language)
    if one.most >= one.scale.high:
        return say("{least} or more", language, least=_number(one.least, language))
    return say("{most} or less", language, most=_number(one.most, language))


def _number(value: float, language: str) -> str:
    """Return a number with up to four decimals and no idle zeros."""
    decimals = next((d for d in range(4) if abs(round(value, d) - value) < 1e-9), 4)
    return fixed(value, decimals, language)


def as_json(found: Attacked, read: Read, language: str) -> dict[str, Any]:
    """Return everything: the full count and every finding with its sentence."""
    return {
        "found": found.found,
        "k": read.k,
        "figures": len(read.figures),
        "not_attacked": list(read.no_scale),
        "rows": [_plain_row(r) for r in found.rows],
        "findings": [_plain(f, language) for f in found.findings],
    }


def _plain_row(r: Row) -> dict[str, Any]:
    return {name: getattr(r, name) for name in r.__slots__} | {"release": r.release or None}


def _plain(f: Finding, language: str) -> dict[str, Any]:
    first = f.figures[0]
    return {
        "kind": f.kind.value,
        "measure": first.measure,
        "wave": first.wave,
        "place": list(f.place),
        "people": list(f.people),
        "least": f.least,
        "most": f.most,
        "exact": f.exact,
        "side": f.side,
        "certain": f.certain,
        "supposes_same_people": f.between,
        "answers": list(f.answers),
        "who": list(f.who),
        "everyone": f.everyone,
        "choices": f.choices,
        "cases": [{"n": list(c.n), "least": c.least, "most": c.most} for c in f.cases],
        "figures": [
            {"release": g.release, "place": g.label, "n_band": f"{g.n[0]}-{g.n[1]}",
             "least": g.least, "most": g.most, "coded": g.coded}
            for g in f.figures
        ],
        "sentence": sentence(f, language),
    }  # fmt: skip
