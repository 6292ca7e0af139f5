"""Their finding beside yours: two sentences that keep apart what is not the same thing.

A correlation across companies does not say what happens when one shop changes; the sentence names
both levels, so that nobody reads one for the other.
"""

from dataclasses import dataclass

from anello.model.chain import Chain, Construct
from anello.model.evidence import FEWEST_UNITS, Evidence, Level
from anello.model.place import Plural
from anello.model.published import NOTHING, OPPOSITE, OwnFigure
from anello.model.words import LANGUAGES, Words, say

from .effect import CLAIM, Effect, Question
from .figures import idle, number
from .library import Library, library


@dataclass(frozen=True, slots=True)
class Told:
    """One published effect with the sentences that lay it beside the own figure.

    `turned` is True when the chain measures the opposite, such as staff who stay for staff who
    leave: the sign then reads the other way round.
    """

    effect: Effect
    mark: Words
    turned: bool
    sentence: Words


@dataclass(frozen=True, slots=True)
class Beside:
    """Everything published about one claim, beside the own evidence.

    `findings` run the same way as the claim, `back` the other way, `claims` are what consultancies
    and single famous cases say: shown as claims, never borrowed. `questions` come before any prior.
    """

    source: str
    target: str
    own: tuple[OwnFigure, ...]
    findings: tuple[Told, ...]
    back: tuple[Told, ...]
    claims: tuple[Told, ...]
    questions: tuple[Question, ...]


def beside(
    chain: Chain, source: str, target: str, own: tuple[Evidence, ...], told: Library | None = None
) -> Beside:
    """Return what is published about constructs `source` -> `target` of a chain, beside `own`.

    `own` are the evidence rows of one claim, as released, at any levels; sentences speak of the
    within row when it holds an estimate, else of the between row. Nothing published is no error:
    the tuples are then empty.
    """
    register = library() if told is None else told
    from_, to = _construct(chain, source), _construct(chain, target)
    mine = tuple(f for f in map(_own, own) if f is not None)
    units = chain.units.label
    forth = _told(register, from_, to, mine, units)
    return Beside(
        source=source,
        target=target,
        own=mine,
        findings=tuple(t for t in forth if t.effect.kind != CLAIM),
        back=tuple(t for t in _told(register, to, from_, mine, units) if t.effect.kind != CLAIM),
        claims=tuple(t for t in forth if t.effect.kind == CLAIM),
        questions=register.questions,
    )


def _construct(chain: Chain, key: str) -> Construct:
    return next(c for c in chain.constructs if c.key == key)


def stands_for(register: Library, construct: Construct) -> dict[str, int]:
    """Return what the register calls a construct: key -> +1, or -1 for its opposite.

    What the chain declares (`standard`) decides; without it the construct's own key and side do,
    if the register knows them by that name. Nothing else is guessed.
    """
    declared = construct.standard
    if declared is None:
        return register.recognised(construct.key, construct.side.value)
    if declared == NOTHING:
        return {}
    key = declared.removeprefix(OPPOSITE)
    return {key: 1 if key == declared else -1}


def _own(evidence: Evidence) -> OwnFigure | None:
    """Return the standardised figure; its limits are those of the slope, scaled alike."""
    value, slope = evidence.standardised, evidence.estimate
    if value is None or slope is None:
        return None
    low, high = evidence.low, evidence.high
    if evidence.sd_source is not None and evidence.sd_target:
        scale = evidence.sd_source / evidence.sd_target
    else:
        scale = value / slope if slope else 0.0
    if low is None or high is None or not scale:
        return OwnFigure(evidence.level, value, None, None, evidence.units)
    return OwnFigure(evidence.level, value, low * scale, high * scale, evidence.units)


def _told(
    register: Library,
    source: Construct,
    target: Construct,
    own: tuple[OwnFigure, ...],
    units: Plural,
) -> tuple[Told, ...]:
    found = []
    for s, turn_s in stands_for(register, source).items():
        for t, turn_t in stands_for(register, target).items():
            for effect in register.between(s, t):
                turned = turn_s * turn_t < 0
                opposite = register.meaning(s if turn_s < 0 else t).label if turned else None
                sentence = _sentence(register, effect, own, units, opposite)
                mark = register.words["marks", effect.status]
                found.append(Told(effect, mark, turned, sentence))
    return tuple(found)


def _sentence(
    register: Library,
    effect: Effect,
    own: tuple[OwnFigure, ...],
    units: Plural,
    opposite: Words | None,
) -> Words:
    spoken = []
    for language in LANGUAGES:
        parts = [_theirs(register, effect, language), _yours(own, units, language)]
        if opposite:
            parts.append(
                say("They measured the opposite ({theirs}): read the sign the other way round.",
                    language, theirs=opposite)
            )  # fmt: skip
        spoken.append(" ".join(parts))
    return Words(*spoken)


def _theirs(register: Library, effect: Effect, language: str) -> str:
    values = {
        "finding": register.words["metrics", effect.metric],
        "across": register.words["levels", effect.level],
        "cite": _cited(register, effect, language),
    }
    size = size_said(effect, language)
    if effect.kind == CLAIM:
        return say("They claim {finding} {across}: {size} ({cite}).", language, size=size, **values)
    return say(
        "Their finding is {finding} {across}: {size} ({cite}).", language, size=size, **values
    )


def _cited(register: Library, effect: Effect, language: str) -> str:
    known = effect.year is None or str(effect.year) in effect.citation
    parts = [effect.citation if known else f"{effect.citation}, {effect.year}"]
    if effect.k:
        parts.append(say("{k} independent samples", language, k=number(effect.k, language, 0)))
    if effect.n and effect.of:
        noun = register.words["nouns", effect.of].get(language)
        parts.append(f"{number(effect.n, language, 0)} {noun}")
    parts.append(register.words["marks", effect.status].get(language))
    return "; ".join(parts)


def size_said(effect: Effect, language: str) -> str:
    """Return a published figure as it was printed, with its interval or span, or its direction."""
    if effect.value is not None and effect.low is not None and effect.high is not None:
        return say(
            "{value}, interval {low} to {high}", language,
            value=idle(effect.value, language), low=number(effect.low, language),
            high=number(effect.high, language),
        )  # fmt: skip
    if effect.value is not None:
        return idle(effect.value, language)
    if effect.low is not None and effect.high is not None:
        low, high = idle(effect.low, language), idle(effect.high, language)
        return say("from {low} to {high} over several findings", language, low=low, high=high)
    return _direction(effect.sign, language)


def _direction(sign: int | None, language: str) -> str:
    if sign is None:
        return say("no single direction", language)
    if sign == 0:
        return say("looked for and not found", language)
    return say("positive", language) if sign > 0 else say("negative", language)


def _yours(own: tuple[OwnFigure, ...], units: Plural, language: str) -> str:
    if not own:
        return say("Yours cannot be told from these data.", language)
    mine = min(own, key=lambda figure: figure.level != Level.WITHIN)
    values = {"value": number(mine.value, language), "units": units.many}
    if mine.units < FEWEST_UNITS or mine.low is None or mine.high is None:
        return say(
            "Yours is {value} over {n} {units}: too few to judge, described only.",
            language, n=mine.units, **values,
        )  # fmt: skip
    limits = {"low": number(mine.low, language), "high": number(mine.high, language)}
    if mine.level == Level.WITHIN:
        return say(
            "Yours is {value} within your {units} over time, interval {low} to {high}.",
            language, **values, **limits,
        )  # fmt: skip
    return say(
        "Yours is {value} between your {units}, interval {low} to {high}.",
        language, **values, **limits,
    )  # fmt: skip
