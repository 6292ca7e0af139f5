"""What models of single answers found, in sentences for the manager of a shop."""

from collections.abc import Sequence
from dataclasses import dataclass

from anello.model.evidence import PASS, Check
from anello.model.study import Study
from anello.model.words import Words
from anello.stats.mixed.design import Column
from anello.stats.mixed.terms import Binary, Is, Name, Node, level_text
from anello.store.used_rows import Used, Varying

MORE = (
    "Where {source} is one higher, {target} is {estimate} higher on average "
    "(95 % interval {low} to {high})."
)
LESS = (
    "Where {source} is one higher, {target} is lower on average: {estimate} "
    "(95 % interval {low} to {high})."
)
OPEN = (
    "It does not show that {target} goes with {source}: {estimate} for each one more, "
    "95 % interval {low} to {high}."
)
LEVEL_MORE = (
    "With {source}, {target} is {estimate} higher on average than with {reference} "
    "(95 % interval {low} to {high})."
)
LEVEL_LESS = (
    "With {source}, {target} is lower on average than with {reference}: {estimate} "
    "(95 % interval {low} to {high})."
)
LEVEL_OPEN = (
    "It does not show that {target} differs between {source} and {reference}: {estimate}, "
    "95 % interval {low} to {high}."
)
TERM = (
    "{source} and {target}: {estimate} for each one more of the product or curve, "
    "95 % interval {low} to {high}."
)
DESCRIBED = (
    "{source} and {target}: {estimate} in these units alone. Of fewer than 10 units this only "
    "describes; it says nothing of others."
)
UNBOUND = (
    "{source} and {target}: {estimate} for each one more; these rows do not carry an interval."
)
TIMES = (
    "One more of {source} goes with {estimate} times {target} (95 % interval {low} to {high}), "
    "compared in one and the same group."
)
TIMES_OPEN = (
    "No clear link of {source} with {target}: {estimate} times for each one more, "
    "95 % interval {low} to {high}; 1 would be no difference."
)
LEVEL_TIMES = (
    "{source}, beside {reference}, goes with {estimate} times {target} (95 % interval {low} to "
    "{high}), compared in one and the same group."
)
LEVEL_TIMES_OPEN = (
    "No clear difference in {target} between {source} and {reference}: {estimate} times, "
    "95 % interval {low} to {high}; 1 would be no difference."
)
TERM_TIMES = (
    "{source}: {estimate} times {target} for each one more of the product or curve, 95 % interval "
    "{low} to {high}."
)
DESCRIBED_TIMES = (
    "{source}: {estimate} times {target} in these units alone. Of units as few as these it only "
    "describes; it says nothing of others."
)


@dataclass(frozen=True, slots=True)
class Said:
    """What a column of the model is called; `reference` is the level it stands against, if any."""

    source: Words
    title: Words
    kind: str
    reference: Words | None = None


def named(study: Study, used: Used, column: Column) -> Said:
    """Return what a column of the model is called in sentences and in titles."""
    node = column.node
    if isinstance(node, Name):
        label = study.label(node.column)
        return Said(inline(label), label, "number")
    if isinstance(node, Is):
        found = sorted(set(used.cells[node.column].tolist()))
        other = next((v for v in found if not _coded(used, node.column, v)), None)
        whole = _level(study, node)
        if other is not None:
            against = inline(_level(study, Is(node.column, other)))
            return Said(inline(whole), whole, "level", against)
        return Said(inline(whole), whole, "term")
    parts = [_part(study, n) for n in _factors(node)]
    if all(p is not None for p in parts):
        en, it = (" × ".join(p.get(lang) for p in parts if p) for lang in ("en", "it"))
        return Said(inline(Words(en, it)), Words(en, it), "term")
    return Said(Words(column.name, f"«{column.name}»"), Words(column.name, column.name), "term")


def _coded(used: Used, column: str, level: object) -> bool:
    return any(
        isinstance(c.node, Is) and c.node.column == column and c.node.level == level
        for c in used.fixed
    )


def _level(study: Study, node: Is) -> Words:
    label, text = study.label(node.column), level_text(node.level)
    said = study.label(text) if text in dict(study.labels) else Words(text, text)
    return Words(f"{label.en}: {said.en}", f"{label.it}: {said.it}")


def _factors(node: Node) -> list[Node]:
    if isinstance(node, Binary) and node.op == "*":
        return [*_factors(node.left), *_factors(node.right)]
    return [node]


def _part(study: Study, node: Node) -> Words | None:
    if isinstance(node, Name):
        return study.label(node.column)
    return _level(study, node) if isinstance(node, Is) else None


def inline(words: Words) -> Words:
    """Return a label inside a sentence: lower case in English, «quoted» in Italian."""
    en = words.en[:1].lower() + words.en[1:] if words.en[1:2].islower() else words.en
    return Words(en, f"«{words.it}»")


def about(text: str, column: Column, said: Said, outcome: Words) -> tuple[tuple[str, object], ...]:
    """Return the values by which the report puts a sentence and its picture together."""
    title = Words(f"{said.title.en} → {outcome.en}", f"{said.title.it} → {outcome.it}")
    return ("pair", f"{text}: {column.name}"), ("title", title)


def pair(text: str, column: Column) -> str:
    """Return what binds the effect of a column in one formula to its sentence."""
    return f"{text}: {column.name}"


def slope(
    text: str, column: Column, said: Said, outcome: Words,
    estimate: float, low: float | None, high: float | None, described: bool,
) -> Check:  # fmt: skip
    """Return what one coefficient of a mixed model says; `described` when units are too few."""
    values = _values(text, column, said, outcome, inline(outcome), estimate, low, high)
    if described:
        return Check("described", PASS, DESCRIBED, values)
    if low is None or high is None:
        return Check("unbound", PASS, UNBOUND, values)
    sign = (low > 0) - (high < 0)
    if said.kind == "term":
        return Check("term", PASS, TERM, values)
    ways = (LEVEL_OPEN, LEVEL_MORE, LEVEL_LESS) if said.kind == "level" else (OPEN, MORE, LESS)
    return Check("slope", PASS, ways[sign], values)


def times(
    text: str, column: Column, said: Said, outcome: Words, what: Words,
    estimate: float, low: float | None, high: float | None,
) -> Check:  # fmt: skip
    """Return what one ratio of a model of counts says; without limits it only describes."""
    values = _values(text, column, said, outcome, what, estimate, low, high)
    if low is None or high is None:
        return Check("described", PASS, DESCRIBED_TIMES, values)
    if said.kind == "term":
        return Check("term", PASS, TERM_TIMES, values)
    level, sure = said.kind == "level", low > 1 or high < 1
    ways = (LEVEL_TIMES_OPEN, LEVEL_TIMES) if level else (TIMES_OPEN, TIMES)
    return Check("ratio", PASS, ways[sure], values)


def _values(
    text: str, column: Column, said: Said, outcome: Words, target: Words,
    estimate: float, low: float | None, high: float | None,
) -> tuple[tuple[str, object], ...]:  # fmt: skip
    return (
        *about(text, column, said, outcome), ("source", said.source), ("target", target),
        ("reference", said.reference or Words("", "")), ("estimate", estimate),
        ("low", low), ("high", high),
    )  # fmt: skip


def banner() -> Check:
    """Return what stands above the cards of every study of single answers."""
    return Check(
        "answers",
        PASS,
        "Each card says what goes with what in single answers, everything else of its formula held "
        "equal and each group given a level of its own. What goes together is no proof of a cause.",
    )


def label_of(study: Study, varying: Varying) -> Words:
    """Return what the levels of a group are called: the label of its innermost column."""
    return study.label(varying.by[0])


def shares(study: Study, used: Used, target: Words, found: Sequence[float], latent: bool) -> Check:
    """Return where what the formula leaves of an outcome lies; `found` are variances, rows last."""
    total = sum(found) or 1.0
    names = [label_of(study, v) for v in used.varying]
    rest = Words("single answers", "singole risposte")
    parts = [(w, round(100 * f / total)) for w, f in zip((*names, rest), found, strict=True)]
    en = ", ".join(f"{w.en} {share} %" for w, share in parts)
    it = ", ".join(f"{w.it} {share} %" for w, share in parts)
    values = (("target", inline(target)), ("parts", Words(en, it)))
    if latent:
        return Check(
            "shares",
            PASS,
            "How the inclination behind {target} differs, beyond what the formula says, by where "
            "it lies: {parts}.",
            values,
        )
    return Check(
        "shares",
        PASS,
        "How {target} differs, beyond what the formula says, by where it lies: {parts}.",
        values,
    )
