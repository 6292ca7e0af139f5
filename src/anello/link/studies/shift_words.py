"""What models of shifts found, in sentences for the manager of a shop."""

from anello.model.errors import ModelError
from anello.model.evidence import BLOCK, PASS, WARN, Check
from anello.model.study import Study, StudyEffect
from anello.model.words import Words
from anello.stats.contagion.colleagues import Contagion

from .shift_rows import ends

PASSED = (
    "When the colleagues on a shift bring one point more of {source}, the others end {estimate} "
    "higher in {target} (95 % interval {low} to {high}). The two go together, grade C: rosters are "
    "no lottery, so this is no proof of a cause."
)
AGAINST = (
    "When the colleagues on a shift bring one point more of {source}, the others end lower in "
    "{target}: {estimate} (95 % interval {low} to {high}). The two go together, grade C: rosters "
    "are no lottery, so this is no proof of a cause."
)
NOT_PASSED = (
    "It does not show that {source} of colleagues is passed on to {target} of others during a "
    "shift: {estimate} for each point, 95 % interval {low} to {high}."
)
SERVED = (
    "On shifts whose staff brought one point more of {source}, {target} was {estimate} higher "
    "(95 % interval {low} to {high}), against the other shifts of the same day and at the same "
    "hour. The two go together, grade C: rosters are no lottery, so this is no proof of a cause."
)
SERVED_LESS = (
    "On shifts whose staff brought one point more of {source}, {target} was lower: {estimate} "
    "(95 % interval {low} to {high}), against the other shifts of the same day and at the same "
    "hour. The two go together, grade C: rosters are no lottery, so this is no proof of a cause."
)
NOT_SERVED = (
    "It does not show that {source} of the staff reaches {target} on the same shift: {estimate} "
    "for each point, 95 % interval {low} to {high}."
)
NAIVE = (
    "The mood of colleagues taken at the same time would have said {naive}. That figure is wrong: "
    "a busy day touches everybody on the shift, and everybody stands on both sides of the "
    "comparison. It can be 0.5 where nothing is passed on."
)
NAIVE_COUNTER = (
    "Laying all shifts side by side would have said {naive}. That figure is wrong: a busy day or "
    "bad weather touches staff and customers alike."
)
BANNER = (
    "Do not order the smile. This speaks of the mood that people really bring to a shift, not of a "
    "face they put on: in experiments it is the honest smile that reaches customers, not the broad "
    "one. Ask what spoils the mood before the shift, and change that."
)
WAYS = {
    "contagion": (PASSED, AGAINST, NOT_PASSED, NAIVE),
    "counter": (SERVED, SERVED_LESS, NOT_SERVED, NAIVE_COUNTER),
}
METHODS = {
    "site": "people dealt anew over the shifts of their day; standard error CR2 by site",
    "person": "people dealt anew over the shifts of their day; standard error CR2 by person",
    "day": "people dealt anew over the shifts of their day; standard error CR2 by day",
    "none": "people dealt anew over the shifts of their day",
}
SLOPES = "plain slope, nothing taken out"
NAIVE_LEVELS = {"contagion": "same time", "counter": "all shifts"}
FEW = 10
HALF = 0.5


def effects(kind: str, text: str, m: Contagion) -> tuple[StudyEffect, ...]:
    """Return the effect of colleagues or staff, the naive figure beside it, the own mood."""
    before, after = ends(text)
    low, high = limits(m)
    method, pair = METHODS[m.cluster], text
    ratio = m.std / m.beta.estimate if m.beta.estimate else 0.0
    found = [
        StudyEffect(
            text, "slope", "shift", m.beta.estimate, m.beta.se, m.beta.df, m.p, low, high, m.std,
            None if low is None else low * ratio, None if high is None else high * ratio,
            before, after, pair, method,
        )
    ]  # fmt: skip
    if m.naive is not None:
        found.append(
            StudyEffect(text, "naive", NAIVE_LEVELS[kind], m.naive, source=before, target=after,
                        pair=pair, method=SLOPES)
        )  # fmt: skip
    if m.rho is not None:
        found.append(
            StudyEffect(text, "own", "shift", m.rho.estimate, m.rho.se, m.rho.df, m.rho.p,
                        m.rho.low, m.rho.high, source=before, target=after, method=method,
                        drawn=False)
        )  # fmt: skip
    return tuple(found)


def limits(m: Contagion) -> tuple[float | None, float | None]:
    """Return the values that the deals do not reject; where they find no end, the model's."""
    if m.low is None or m.high is None:
        return m.beta.low, m.beta.high
    return m.low, m.high


def told(study: Study, text: str, m: Contagion, q: float) -> tuple[Check, ...]:
    """Return the sentence of a claim, and that of the naive figure."""
    before, after = ends(text)
    title = Words(
        f"{study.label(before).en} → {study.label(after).en}",
        f"{study.label(before).it} → {study.label(after).it}",
    )
    low, high = limits(m)
    more, less, nothing, naive = WAYS[study.kind]
    sentence = nothing if q > 0.05 else more if m.beta.estimate > 0 else less
    about: tuple[tuple[str, object], ...] = (("pair", text), ("title", title))
    values = (
        *about, ("source", inline(study.label(before))), ("target", inline(study.label(after))),
        ("estimate", m.beta.estimate), ("low", "–" if low is None else low),
        ("high", "–" if high is None else high),
    )  # fmt: skip
    said = [Check("shift" if q <= 0.05 else "shift_open", PASS, sentence, values)]
    if m.naive is not None:
        said.append(Check("naive", PASS, naive, (*about, ("naive", m.naive))))
    return tuple(said)


def banner() -> Check:
    """Return what nobody should make of the smile at the counter."""
    return Check("banner", WARN, BANNER)


def doubts(study: Study, text: str, m: Contagion) -> tuple[Check, ...]:
    """Return how the test went and what limits it."""
    before, after = ends(text)
    names: tuple[tuple[str, object], ...] = (
        ("source", inline(study.label(before))),
        ("target", inline(study.label(after))),
    )
    as_strong = round(m.p * (m.deals + 1)) - 1
    found = [
        Check(
            "deals",
            PASS,
            "{source} and {target}: of {deals} ways to deal those present over the shifts of their "
            "day, {as_strong} gave a link as strong as the one that was seen.",
            (*names, ("deals", m.deals), ("as_strong", as_strong)),
        ),
        Check(
            "exposure",
            PASS,
            "{source} and {target}: {share} % of the differences in what people are exposed to is "
            "left once persons, days or hours are taken out.",
            (*names, ("share", round(100 * m.left))),
        ),
    ]
    if m.cluster == "site" and m.clusters < FEW:
        found.append(
            Check(
                "few_sites",
                WARN,
                "{source} and {target}: there are only {sites} separate sites, so nothing is said "
                "of others.",
                (*names, ("sites", m.clusters)),
            )
        )
    if m.cluster != "site":
        found.append(
            Check(
                "one_site",
                WARN,
                "{source} and {target}: all rows are of one site, so nothing is said of others.",
                names,
            )
        )
    return tuple(found)


def met(study: Study, text: str, share: float) -> Check:
    """Return on how many shifts customers answered; the others are no part of it."""
    target = inline(study.label(ends(text)[1]))
    return Check(
        "met",
        PASS if share >= HALF else WARN,
        "{target}: customers answered on {share} % of the staff's shifts; the other shifts are "
        "left out.",
        (("target", target), ("share", round(100 * share))),
    )


def few_customers(least: int) -> ModelError:
    """Return why nothing is shown of so few customers."""
    return ModelError(
        "Fewer than {least} customers answered on the shifts of the staff, so nothing of this "
        "claim is shown: with so few, a number would speak of single persons.",
        least=least,
    )


def refusal(error: ModelError) -> Check:
    """Return why nothing was fitted."""
    return Check("refused", BLOCK, error.sentence, tuple(error.values.items()))


def inline(words: Words) -> Words:
    """Return a label inside a sentence: lower case in English, «quoted» in Italian."""
    en = words.en[:1].lower() + words.en[1:] if words.en[1:2].islower() else words.en
    return Words(en, f"«{words.it}»")
