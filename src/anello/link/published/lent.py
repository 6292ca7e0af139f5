"""`anello published`: what is published about one link, and three lines for one own correlation."""

from dataclasses import asdict
from typing import Any

from anello.model.errors import FormulaError, ModelError
from anello.model.words import Words

from .beside import size_said
from .borrowing import ask, prior, three_lines
from .effect import CLAIM, Effect
from .library import Library, library
from .three_lines_told import told

Json = dict[str, Any]


def listed(link: str | None = None) -> list[Effect]:
    """Return the register, or what it holds about one link, `target ~ source`.

    Raises `FormulaError` for another form, `ModelError` when nothing is published about it.

    >>> [e.key for e in listed("unit_performance ~ engagement")]
    ['harter_engagement_performance']
    """
    register = library()
    if link is None:
        return list(register.effects)
    target, source = _read(link)
    found = list(register.between(source, target))
    if not found:
        known = dict.fromkeys(e.target for e in register.effects if e.source == source)
        raise ModelError(
            "There is no published effect from {source!r} to {target!r}; known from {source!r} "
            "are: {known}.",
            source=source,
            target=target,
            known=", ".join(known) or "-",
        )
    return found


def _read(link: str) -> tuple[str, str]:
    target, sign, source = (part.strip() for part in link.partition("~"))
    if not (target and sign and source) or not (target + source).replace("_", "").isalnum():
        raise FormulaError(
            "Write the link as target ~ source, with constructs of the register; {text!r} is not.",
            text=link,
        )
    return target, source


def published(
    link: str | None = None,
    *,
    r: float | None = None,
    n: int | None = None,
    answers: str = "",
    places: str = "unit",
    spread: float | None = None,
    attenuation: float | None = None,
    worth: float = 0.2,
) -> Json:
    """Return the register about a link; with `r` between `n` units, three lines for each finding.

    Findings from which nothing can be borrowed say why (`refused`). `answers` reads
    `contact=much,relation=encounter`. Words come in both languages (`en`, `it`).
    """
    if (r is None) != (n is None):
        raise ModelError("Own correlation and number of units come together: --r and --n.")
    given = _answers(answers)
    rows = []
    for effect in listed(link):
        row = _row(effect, library())
        if r is not None and n is not None and effect.kind != CLAIM:
            options = {"places": places, "tau": spread, "attenuation": attenuation}
            row |= _lines(effect, given, r, n, worth, options)
        rows.append(row)
    questions = [{"key": q.key, "ask": asdict(q.ask)} for q in ask()]
    return {"model": "published", "link": link, "questions": questions, "findings": rows}


def _answers(text: str) -> dict[str, str | float]:
    found: dict[str, str | float] = {}
    for part in filter(None, (p.strip() for p in text.split(","))):
        key, sign, value = (x.strip() for x in part.partition("="))
        if not (key and sign and value):
            raise ModelError(
                "Write answers as question=answer, parted by commas; {text!r} is not.", text=part
            )
        known = next((q for q in ask() if q.key == key), None)
        found[key] = _number(value) if known is not None and known.number else value
    return found


def _number(value: str) -> float | str:
    try:
        return float(value)
    except ValueError:
        return value


def _row(effect: Effect, register: Library) -> Json:
    row = {key: value for key, value in asdict(effect).items() if key != "note"}
    size = Words(*(size_said(effect, code) for code in ("en", "it")))
    mark = register.words["marks", effect.status]
    what, across = register.words["metrics", effect.metric], register.words["levels", effect.level]
    words = {"said": size, "mark": mark, "what": what, "across": across, "note": effect.note}
    return row | {key: asdict(text) for key, text in words.items()}


def _lines(
    effect: Effect,
    answers: dict[str, str | float],
    r: float,
    n: int,
    worth: float,
    options: dict[str, Any],
) -> Json:
    try:
        found = three_lines(prior(effect, answers, **options), r, n, worth=worth)
    except ModelError as error:
        return {"refused": {code: error.text(code) for code in ("en", "it")}}
    lines = {name: asdict(getattr(found, name)) for name in ("alone", "literature", "together")}
    return lines | {
        "borrowed": found.borrowed,
        "different": found.different,
        "verdict": found.verdict.value,
        "leans": found.leans,
        "lines": [asdict(words) for words in told(found)],
    }
