"""A published effect as prior for an own correlation between units: always three lines.

Refused where it would mislead: claims, effects without a spread between places, effects at another
level, corrected correlations beside raw ones. The questions come first.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import atanh, isfinite, tanh

from anello.model.errors import ModelError
from anello.model.evidence import FEWEST_UNITS, Level, Verdict
from anello.model.words import Words
from anello.stats.meta.borrow import DIFFERENT, Borrowed, Line, Own, borrow, predictive
from anello.stats.meta.effect_sizes import fisher_z

from .effect import CLAIM, CORRELATIONS, Effect, Question
from .library import Library, library


@dataclass(frozen=True, slots=True)
class Prior:
    """A prediction for one new organisation's correlation, on Fisher's z, and where it comes from.

    `declared` is True when tau was said by a person because nobody published it. `cautions` follow
    from the answers to the questions; they change no number.
    """

    effect: Effect
    mean: float
    tau: float
    se: float
    declared: bool
    cautions: tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class Heard:
    """One line as correlations: median, 95 % limits, P(r > 0), and its verdict on its own."""

    r: float
    low: float
    high: float
    above_zero: float
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class ThreeLines:
    """Own data alone, literature alone, both together; and what may be said.

    `borrowed` is the share of precision that is not the organisation's own. When `alone` and
    `together` differ in verdict, `verdict` is "cannot tell yet" and `leans` says where the
    literature leans: +1 yes, -1 no. Otherwise `leans` is 0.
    """

    prior: Prior
    alone: Heard
    literature: Heard
    together: Heard
    borrowed: float
    different: float
    verdict: Verdict
    leans: int


def ask(told: Library | None = None) -> tuple[Question, ...]:
    """Return the questions that must be answered before a prior is used."""
    return (library() if told is None else told).questions


def prior(
    effect: Effect,
    answers: Mapping[str, str | float],
    *,
    level: Level = Level.BETWEEN,
    places: str = "unit",
    turned: bool = False,
    tau: float | None = None,
    se: float | None = None,
    attenuation: float | None = None,
    told: Library | None = None,
) -> Prior:
    """Return a published effect as a prior; `answers` maps each question's key to its answer.

    `level` is that of the own figure, and `places` says what its units are: `unit` (shops of one
    company), `firm` or `organisation`; only effects among such places are lent. `turned` is True
    when the own measure runs the opposite way (see `beside.Told`).
    `tau` is the SD of true correlations between organisations: declare it where none is
    published. `se` of the mean defaults to the published one, or to tau / sqrt(k).
    `attenuation`, sqrt(ICC(2) ICC(2)'), makes a corrected correlation comparable with a raw one.
    Raises `ModelError`, saying why, where borrowing would mislead.
    """
    cautions = _answered(answers, library() if told is None else told)
    _fits(effect, level, places)
    assert effect.value is not None
    spread = effect.tau if effect.tau is not None else tau
    if spread is None or not (isfinite(spread) and spread > 0):
        raise ModelError(
            "{cite} publishes no spread between organisations. Declare one as tau; without it "
            "borrowing would pretend that all organisations are alike.",
            cite=effect.citation,
        )
    if effect.metric == "rho" and attenuation is None:
        raise ModelError(
            "{cite} prints a correlation corrected for noise, yours is raw. Give the attenuation, "
            "the root of the product of both reliabilities, ICC(2), of unit means.",
            cite=effect.citation,
        )
    shrink = attenuation if effect.metric == "rho" and attenuation is not None else 1.0
    error = _error(effect, spread, se)
    r = effect.value * shrink * (-1 if turned else 1)
    slope = shrink / (1 - r**2)
    declared = effect.tau is None
    return Prior(effect, atanh(r), spread * slope, error * slope, declared, cautions)


def _answered(answers: Mapping[str, str | float], told: Library) -> tuple[Words, ...]:
    """Return the cautions; refuse while a question is open or an answer is not one of those."""
    cautions = []
    for question in told.questions:
        if question.key not in answers:
            raise ModelError(
                "Before anything is borrowed: {question} Answer {key!r}.",
                question=question.ask,
                key=question.key,
            )
        given = answers[question.key]
        if question.number:
            _count(question, given)
            continue
        chosen = next((a for a in question.answers if a.key == given), None)
        if chosen is None:
            raise ModelError(
                "{given!r} is no answer to {key!r}; choose among {known}.",
                given=given,
                key=question.key,
                known=", ".join(a.key for a in question.answers),
            )
        cautions += [chosen.caution] if chosen.caution else []
    return tuple(cautions)


def _count(question: Question, given: str | float) -> None:
    if isinstance(given, str) or not isfinite(given) or given < 0:
        raise ModelError("{key!r} is answered with a number of 0 or more.", key=question.key)


def _fits(effect: Effect, level: Level, places: str) -> None:
    if effect.kind == CLAIM:
        raise ModelError(
            "{cite} is a claim, not a study that can be weighed; nothing is borrowed from it.",
            cite=effect.citation,
        )
    if effect.metric not in CORRELATIONS or effect.value is None:
        raise ModelError("{cite} gives no correlation to borrow.", cite=effect.citation)
    if effect.level != places:
        raise ModelError(
            "{cite} found this {theirs}, not between places like yours; for persons, shops and "
            "companies the same link has different sizes.",
            cite=effect.citation,
            theirs=library().words["levels", effect.level],
        )
    if level != Level.BETWEEN:
        raise ModelError(
            "{cite} compares places with each other; your figure follows the same places over "
            "time. The one is no prior for the other.",
            cite=effect.citation,
        )


def _error(effect: Effect, tau: float, se: float | None) -> float:
    if se is not None:
        return se
    if effect.se is not None:
        return effect.se
    if effect.k:
        return float(tau / effect.k**0.5)
    raise ModelError(
        "{cite} says neither its standard error nor how many studies it rests on; declare `se`.",
        cite=effect.citation,
    )


def own_correlation(r: float, units: int) -> Own:
    """Return an own correlation between units on Fisher's z, se = 1 / sqrt(units - 3)."""
    found = fisher_z([r], [units])
    return Own(float(found.y[0]), float(found.v[0]) ** 0.5)


def three_lines(
    borrowed_from: Prior,
    r: float,
    units: int,
    *,
    worth: float = 0.2,
    wished: int = 1,
    different: float = DIFFERENT,
) -> ThreeLines:
    """Return the three lines for an own correlation `r` between `units` units.

    `worth` is the smallest correlation worth acting on and `wished` (+1 or -1) the good direction.
    `different` is the share of doubt that this organisation is of another kind.
    """
    p = borrowed_from
    found: Borrowed = borrow(
        own_correlation(r, units), predictive(p.mean, p.tau, p.se), different=different
    )
    lines = [found.alone, found.literature, found.together]
    alone, literature, together = (_heard(line, worth, wished) for line in lines)
    if units < FEWEST_UNITS:
        alone = Heard(alone.r, alone.low, alone.high, alone.above_zero, Verdict.DESCRIBED_ONLY)
    same = alone.verdict == together.verdict
    half = atanh(worth / 2) * wished
    yes = found.literature.above(half) if wished > 0 else found.literature.below(half)
    return ThreeLines(
        prior=p,
        alone=alone,
        literature=literature,
        together=together,
        borrowed=found.borrowed,
        different=found.different,
        verdict=alone.verdict if same else Verdict.CANNOT_TELL_YET,
        leans=0 if same else 1 if yes > 0.5 else -1,
    )


def _heard(line: Line, worth: float, wished: int) -> Heard:
    low, high = line.interval()
    middle = line.quantile(0.5)
    verdict = _verdict(line, middle, worth, wished)
    return Heard(tanh(middle), tanh(low), tanh(high), line.above(0.0), verdict)


def _verdict(line: Line, middle: float, worth: float, wished: int) -> Verdict:
    """Return the verdict of METHODS' rules, with P for the two-sided p of a link."""

    def beyond(c: float) -> float:
        z = atanh(c) * wished
        return line.above(z) if wished > 0 else line.below(z)

    if 1 - beyond(worth) >= 0.95:
        return Verdict.BREAKS
    enough = tanh(middle) * wished >= worth and beyond(worth / 2) >= 0.90
    if enough and beyond(0.0) >= 0.975:
        return Verdict.GOES_TOGETHER
    return Verdict.CANNOT_TELL_YET
