"""What the models of a diary found, in sentences for people who do not read models."""

from dataclasses import dataclass

from anello.model.errors import ModelError
from anello.model.evidence import PASS, WARN, Check
from anello.model.study import Study
from anello.model.words import Words
from anello.stats.diary.ar1 import Inertia
from anello.stats.diary.compliance import Compliance
from anello.stats.diary.confounder import Sensitivity
from anello.stats.diary.mediation import Mediation
from anello.stats.diary.sums import Effect
from anello.stats.diary.terms import DiaryFormula, Term

INSIDE_MORE = (
    "When {source} is higher than usual for a person, {target} is higher too: "
    "{estimate} for each point, 95 % interval {low} to {high}."
)
INSIDE_LESS = (
    "When {source} is higher than usual for a person, {target} is lower: "
    "{estimate} for each point, 95 % interval {low} to {high}."
)
INSIDE_OPEN = (
    "Inside a person, {source} and {target} do not clearly move together: "
    "{estimate} for each point, 95 % interval {low} to {high}."
)
BETWEEN_MORE = (
    "People with a higher usual level of {source} have a higher usual level of {target}: "
    "{estimate} for each point, 95 % interval {low} to {high}."
)
BETWEEN_LESS = (
    "People with a higher usual level of {source} have a lower usual level of {target}: "
    "{estimate} for each point, 95 % interval {low} to {high}."
)
BETWEEN_OPEN = (
    "Between people, {source} and {target} do not clearly go together: "
    "{estimate} for each point, 95 % interval {low} to {high}."
)
OPPOSITE = (
    "The signs are opposite: who only compares people would conclude of {source} and {target} the "
    "contrary of what happens inside each of them."
)
OVER = (
    "Inside a person, {source} reaches {target} through {mediator}: {indirect} for each point, "
    "95 % interval {low} to {high}. {product} is the product of the average steps; {cov} comes "
    "from people in whom both steps are strong or both are weak. Past {mediator} it is {direct}."
)
OVER_FIXED = (
    "Inside a person, {source} reaches {target} through {mediator}: {indirect} for each point, "
    "95 % interval {low} to {high}. Past {mediator} it is {direct}."
)
NOT_OVER = (
    "Inside a person, it is not clear that {source} reaches {target} through {mediator}: "
    "{indirect} for each point, 95 % interval {low} to {high}."
)
STAYS = (
    "Of a departure from a person's usual level of {target}, the share {phi} is left one {step} "
    "later (95 % interval {low} to {high}). Centring on observed means would say {naive}."
)

STEPS = {True: Words("day", "giorno"), False: Words("prompt", "domanda")}


@dataclass(frozen=True, slots=True)
class Names:
    """What the terms of a study are called; `daily` when a step is a day, else a prompt."""

    study: Study
    daily: bool

    def inline(self, term: Term) -> Words:
        """Return a term inside a sentence: lower case in English, «quoted» in Italian."""
        words = self.study.label(term.column)
        en = words.en[:1].lower() + words.en[1:] if words.en[1:2].islower() else words.en
        back_en, back_it = self._before(term)
        return Words(f"{en}{back_en}", f"«{words.it}»{back_it}")

    def title(self, *terms: Term) -> Words:
        """Return terms with arrows between them, as a heading."""
        en, it = [], []
        for term in terms:
            words, (back_en, back_it) = self.study.label(term.column), self._before(term)
            en.append(f"{words.en}{back_en}")
            it.append(f"{words.it}{back_it}")
        return Words(" → ".join(en), " → ".join(it))

    def _before(self, term: Term) -> tuple[str, str]:
        if not term.lag:
            return "", ""
        if self.daily and term.lag == 1:
            return " the day before", " del giorno prima"
        if self.daily:
            return f" {term.lag} days before", f" di {term.lag} giorni prima"
        if term.lag == 1:
            return " one prompt before", " di una domanda prima"
        return f" {term.lag} prompts before", f" di {term.lag} domande prima"


def pair(formula: DiaryFormula, term: Term) -> str:
    """Return what binds the effects of a term in one formula to their sentences and picture."""
    return f"{formula.text}: {term.label}"


def about(names: Names, formula: DiaryFormula, *terms: Term) -> tuple[tuple[str, object], ...]:
    """Return the values by which the report puts sentences and pictures together."""
    title, others = names.title(*terms), [t for t in formula.terms if t not in terms]
    if others:
        held = [names.inline(t) for t in others]
        title = Words(
            f"{title.en} ({', '.join(w.en for w in held)} held)",
            f"{title.it} (a parità di {', '.join(w.it for w in held)})",
        )
    return ("pair", pair(formula, terms[0])), ("title", title)


def _sized(e: Effect) -> tuple[tuple[str, object], ...]:
    return ("estimate", e.estimate), ("low", e.low), ("high", e.high)


def levels(
    names: Names, formula: DiaryFormula, term: Term, inside: Effect, between: Effect | None
) -> list[Check]:
    """Return the sentence inside a person, that between persons, and one when they contradict."""
    ends = (
        *about(names, formula, term, formula.outcome),
        ("source", names.inline(term)),
        ("target", names.inline(formula.outcome)),
    )
    said = [_said("within", inside, (INSIDE_MORE, INSIDE_LESS, INSIDE_OPEN), ends)]
    if between is None:
        return said
    said.append(_said("between", between, (BETWEEN_MORE, BETWEEN_LESS, BETWEEN_OPEN), ends))
    if _sign(inside) * _sign(between) < 0:
        said.append(Check("opposite", WARN, OPPOSITE, ends))
    return said


def _said(
    name: str, e: Effect, ways: tuple[str, str, str], ends: tuple[tuple[str, object], ...]
) -> Check:
    more, less, unsure = ways
    sentence = {1: more, -1: less, 0: unsure}[_sign(e)]
    return Check(name, PASS, sentence, (*ends, *_sized(e)))


def _sign(e: Effect) -> int:
    """Return +1 or -1 when the interval excludes zero, else 0."""
    return (e.low > 0) - (e.high < 0)


def mediated(names: Names, formula: DiaryFormula, m: Mediation) -> Check:
    """Return what passes through the mediator, with the covariance part beside the product."""
    middle = formula.mediator or formula.outcome
    indirect = m.part("indirect")
    low, high = indirect.low, indirect.high
    if indirect.boot_low is not None and indirect.boot_high is not None:
        low, high = indirect.boot_low, indirect.boot_high
    values: list[tuple[str, object]] = [
        *about(names, formula, formula.terms[0], middle, formula.outcome),
        ("source", names.inline(formula.terms[0])), ("target", names.inline(formula.outcome)),
        ("mediator", names.inline(middle)), ("indirect", indirect.estimate), ("low", low),
        ("high", high), ("product", m.part("a*b").estimate), ("direct", m.part("direct").estimate),
    ]  # fmt: skip
    if m.slopes == "random":
        values.append(("cov", m.part("cov(a,b)").estimate))
    sure = low * high > 0
    sentence = (OVER if m.slopes == "random" else OVER_FIXED) if sure else NOT_OVER
    return Check("mediation", PASS, sentence, tuple(values))


def inertia(names: Names, formula: DiaryFormula, m: Inertia) -> Check:
    """Return how much of a departure is left, and what naive centring would have said."""
    values = (
        *about(names, formula, formula.outcome, formula.outcome),
        ("target", names.inline(formula.outcome)), ("phi", m.phi), ("low", m.low),
        ("high", m.high), ("naive", m.naive if m.naive is not None else "–"),
        ("step", STEPS[names.daily]),
    )  # fmt: skip
    return Check("inertia", PASS, STAYS, values)


def confounded(names: Names, formula: DiaryFormula, term: Term, found: Sensitivity) -> Check:
    """Return how strong an unasked cause on the day would have to be."""
    values = (
        ("source", names.inline(term)), ("target", names.inline(formula.outcome)),
        ("needed", found.needed_interval), ("size", found.size), ("low", found.low),
        ("high", found.high),
    )  # fmt: skip
    return Check(
        "confounder",
        PASS if found.needed_interval >= found.size else WARN,
        "{source} and {target}: something on the day that nobody asked about would have to "
        "correlate {needed} with both to leave this open; one of {size} would put the estimate "
        "between {low} and {high}.",
        values,
    )


def of_compliance(found: Compliance) -> tuple[Check, ...]:
    """Return how many prompts were answered."""
    values = (("share", round(100 * found.share)), ("asked", found.asked))
    return (
        Check(
            "compliance",
            PASS if found.share >= 0.7 else WARN,
            "{share} % of the {asked} prompts of each person were answered.",
            values,
        ),
    )


def flat(formula: DiaryFormula) -> Check:
    """Return that differences between people in the slopes cannot be told."""
    return Check(
        "singular",
        WARN,
        "{formula}: how much the slopes differ between people cannot be told from these rows; "
        "the averages stand.",
        (("formula", formula.text),),
    )


def too_few(formula: DiaryFormula, least: int) -> Check:
    """Return that a formula has too few persons with complete rows to be shown."""
    return Check(
        "few_persons",
        WARN,
        "{formula}: fewer than {least} people have complete rows, so nothing of it is shown.",
        (("formula", formula.text), ("least", least)),
    )


def no_rest(formula: DiaryFormula) -> Check:
    """Return that the search for inertia found no end."""
    return Check(
        "not_converged",
        WARN,
        "{formula}: what stays from step to step cannot be told from what always differs between "
        "people.",
        (("formula", formula.text),),
    )


def not_fitted(formula: DiaryFormula, error: ModelError) -> Check:
    """Return why a formula could not be fitted, in both languages."""
    return Check(
        "not_fitted",
        WARN,
        "{formula} was not fitted: {reason}",
        (("formula", formula.text), ("reason", Words(error.text("en"), error.text("it")))),
    )
