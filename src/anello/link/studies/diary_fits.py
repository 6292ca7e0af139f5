"""The models of a diary fitted to its rows, as coefficients, sentences and doubts."""

from dataclasses import dataclass
from math import isfinite, sqrt

from anello.model.evidence import Check
from anello.model.study import StudyEffect
from anello.stats.diary.ar1 import Inertia
from anello.stats.diary.columns import Complete, complete
from anello.stats.diary.confounder import Sensitivity, sensitivity
from anello.stats.diary.mediation import Asked, Part, mediation
from anello.stats.diary.rows import Diary
from anello.stats.diary.sums import Effect
from anello.stats.diary.terms import DiaryFormula, Term
from anello.stats.linear.student import quantile
from anello.store.fit_ar1 import inertia_of
from anello.store.fit_diary import latent_of, manifest, parted

from . import diary_words as words
from .diary_words import Names

DEFAULTS = {"night": "1", "draws": "20000", "bootstrap": "0", "confounder": "0.3"}
LIMITS = {
    "night": (1e-6, float("inf")),
    "draws": (100, 1e7),
    "bootstrap": (0, 1e5),
    "confounder": (0.01, 0.99),
}


Row = tuple[Term, Effect, Effect | None, float | None, float | None]
"""A term with its effects inside and between, and both in standard deviations."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """How to fit, and the fewest persons behind a coefficient."""

    centring: str
    random: bool
    night: float
    draws: int
    bootstrap: int
    confounder: float
    seed: int
    least: int


@dataclass(frozen=True, slots=True)
class Fitted:
    """What one formula adds to the findings."""

    effects: tuple[StudyEffect, ...]
    told: tuple[Check, ...]
    doubts: tuple[Check, ...]


def _few(found: Complete, formula: DiaryFormula, wanted: Wanted) -> Fitted | None:
    if found.diary.persons >= wanted.least:
        return None
    return Fitted((), (), (words.too_few(formula, wanted.least),))


def levels_told(formula: DiaryFormula, rows: Diary, names: Names, wanted: Wanted) -> Fitted:
    """Fit y ~ x + z and say each x inside a person and between persons."""
    clock = (names.study.column("day"), names.study.column("prompt"))
    split, held = parted(formula, rows, clock)
    found = complete(rows, (formula.outcome, *split, *held))
    few = _few(found, formula, wanted)
    if few is not None:
        return few
    if wanted.centring == "latent" and not held:
        fitted = latent_of(found, formula, split)
        rows_of: list[Row] = [
            (t, w, b, None, None)
            for t, w, b in zip(split, fitted.within, fitted.between, strict=True)
        ]
        singular, method = not fitted.converged, "two-level path model, latent person means"
    else:
        model = manifest(found, rows, formula, split, held, wanted.random, True)
        rows_of = [
            (t, s.within, s.between, s.within_std, s.between_std)
            for t, s in zip(split, model.slopes, strict=True)
        ]
        singular, method = model.singular, "mixed model, observed person means"
    effects: list[StudyEffect] = []
    told: list[Check] = []
    doubts: list[Check] = [words.flat(formula)] if singular else []
    for term, inside, between, std_in, std_up in rows_of:
        pair = words.pair(formula, term)
        pieces = (("within", inside, std_in), ("between", between, std_up))
        for level, e, std in pieces:
            if e is not None:
                effects.append(_slope(formula, term, level, e, std, pair, method))
        told += words.levels(names, formula, term, inside, between)
        doubt = _doubt(inside, found, len(split), wanted.confounder)
        if doubt is not None:
            doubts.append(words.confounded(names, formula, term, doubt))
    return Fitted(tuple(effects), tuple(told), tuple(doubts))


def _slope(
    formula: DiaryFormula, term: Term, level: str, e: Effect, std: float | None, pair: str,
    method: str,
) -> StudyEffect:  # fmt: skip
    ratio = std / e.estimate if std is not None and e.estimate else None
    return StudyEffect(
        formula=formula.text, name="slope", level=level, estimate=e.estimate, se=e.se,
        df=e.df if isfinite(e.df) else None, p=e.p, low=e.low, high=e.high, standardised=std,
        std_low=None if ratio is None else e.low * ratio,
        std_high=None if ratio is None else e.high * ratio,
        source=term.label, target=formula.outcome.label, pair=pair, method=method,
    )  # fmt: skip


def _doubt(e: Effect, found: Complete, terms: int, size: float) -> Sensitivity | None:
    """Return how robust an effect is that is sure of its sign."""
    df = float(found.diary.n - found.diary.persons - terms)
    if not (e.se > 0 and df > 0 and e.low * e.high > 0):
        return None
    t = quantile(0.975, e.df) if isfinite(e.df) else 1.959963984540054
    return sensitivity(e.estimate, e.se, df, size, t)


def mediation_told(formula: DiaryFormula, rows: Diary, names: Names, wanted: Wanted) -> Fitted:
    """Fit y ~ m ~ x and say every part of the way inside a person."""
    middle = formula.mediator
    assert middle is not None
    terms = (formula.terms[0], middle, formula.outcome)
    found = complete(rows, terms)
    few = _few(found, formula, wanted)
    if few is not None:
        return few
    x, m, y = found.columns
    asked = Asked(wanted.random, True, wanted.draws, wanted.bootstrap, wanted.seed)
    fitted = mediation(found.diary.person, x, m, y, asked)
    paths = [
        StudyEffect(
            formula.text, e.term, level, e.estimate, e.se, e.df, e.p, e.low, e.high,
            source=terms[0].label, target=terms[2].label, method="stacked mixed model",
            drawn=False,
        )
        for level, group in (("within", fitted.paths), ("between", fitted.between))
        for e in group
    ]  # fmt: skip
    parts = [_piece(formula, p) for p in fitted.parts]
    told = words.mediated(names, formula, fitted)
    doubts = (words.flat(formula),) if fitted.singular else ()
    return Fitted((*paths, *parts), (told,), doubts)


def _piece(formula: DiaryFormula, p: Part) -> StudyEffect:
    booted = p.boot_low is not None
    return StudyEffect(
        formula=formula.text, name=p.name, level="between" if "between" in p.name else "within",
        estimate=p.estimate, se=p.se, low=p.boot_low if booted else p.low,
        high=p.boot_high if booted else p.high, drawn=False,
        method="bootstrap of persons" if booted else "Monte Carlo",
        source=formula.terms[0].label, target=formula.outcome.label,
    )  # fmt: skip


def inertia_told(formula: DiaryFormula, rows: Diary, names: Names, wanted: Wanted) -> Fitted:
    """Fit ar1(y) and say how much of a departure is left one step later."""
    found = complete(rows, formula.all)
    few = _few(found, formula, wanted)
    if few is not None:
        return few
    night = float("inf") if names.study.setting("night", "1") == "break" else wanted.night
    fitted = inertia_of(found, rows, formula, night, True)
    effect = _phi(formula, fitted)
    doubts = () if fitted.converged else (words.no_rest(formula),)
    return Fitted((effect,), (words.inertia(names, formula, fitted),), doubts)


def _phi(formula: DiaryFormula, m: Inertia) -> StudyEffect:
    return StudyEffect(
        formula=formula.text, name="phi", level="within", estimate=m.phi,
        se=m.se if isfinite(m.se) and sqrt(m.se) < 1e3 else None, p=m.p, low=m.low, high=m.high,
        source=formula.outcome.label, target=formula.outcome.label,
        method="exact maximum likelihood, latent person means", drawn=False,
    )  # fmt: skip
