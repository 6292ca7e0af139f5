"""Who stays, who says "very good", how many complaints: mixed models of answers that are counted.

The formula is that of `anello fit glmm`. Ratios are told: of odds, of the odds of a higher answer,
of rates. No effect of any single group, no fitted value, no residual and no threshold leaves.
"""

from math import exp, pi
from typing import Any

from anello.listen.study_rows import StudyRows
from anello.model.disclosure import Disclosure
from anello.model.errors import ChainFileError
from anello.model.evidence import Check
from anello.model.study import RATIOS, Study, StudyEffect, StudyFindings
from anello.model.words import Words
from anello.score.close.fits import Fits
from anello.stats.discrete.formula import Outcome, read
from anello.stats.mixed.design import ONES
from anello.stats.mixed.terms import columns_of
from anello.store.fit_glmm import LOOSE, fit_glmm
from anello.store.used_rows import Used, of_counted

from . import answer_doubts as doubted
from . import answer_rows
from . import answer_words as words
from .answer_fits import FEW_UNITS, FEWEST_UNITS, Fitted, Held, findings, spread
from .answer_rows import Asked
from .base import known_settings
from .counted_design import behind

FAMILIES = ("binomial", "ordinal", "poisson")
SETTINGS = {"family": FAMILIES, "nodes": (), "answers": ()}
RATIO = dict(zip(FAMILIES, RATIOS, strict=True))
LOGS = {"binomial": "log odds", "ordinal": "log odds", "poisson": "log rate"}
MOST_NODES = 100


def _parse(text: str, family: str) -> Asked:
    found = read(text, ordinal=family == "ordinal")
    outcome, offset = found.outcome, found.offset
    counted = outcome.kind != "one" or family == "poisson"
    sure = frozenset(outcome.columns if counted else ())
    known = frozenset(columns_of(offset.node) if offset else ())
    groups = tuple(part.group for part in found.varying)
    bare = frozenset(outcome.columns) - sure
    return answer_rows.asked(text, found.formulas, groups, sure | known, bare)


def _reader(study: Study) -> answer_rows.Parse:
    return lambda text: _parse(text, study.setting("family", "binomial"))


def check(study: Study) -> None:
    """Raise `ChainFileError` when a role, setting or formula is none of counted answers'."""
    known_settings(study, SETTINGS)
    answer_rows.check(study, _reader(study))
    nodes = study.setting("nodes", "1")
    if not (nodes.isdigit() and 1 <= int(nodes) <= MOST_NODES):
        raise ChainFileError(
            "`{name}` cannot be {value!r}; it is a number from {least:g} to {most:g}.",
            path=("studies", study.key, "settings", "nodes"),
            name="nodes",
            value=nodes,
            least=1,
            most=MOST_NODES,
        )


def columns(study: Study) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the columns that the formulas read, all of them as words at first."""
    return (), answer_rows.columns(study, _reader(study))


def numbers(study: Study, rows: StudyRows) -> tuple[str, ...]:
    """Return the columns to be read as numbers, by a look at rows that were read as words."""
    answer_rows.placed(study, rows)
    found = answer_rows.numbers(study, rows, _reader(study))
    if study.setting("family", "binomial") == "ordinal" and not study.setting("answers", ""):
        _ordered(study, found)
    return found


def _ordered(study: Study, numbers: tuple[str, ...]) -> None:
    """Raise `ChainFileError` when answers in words have no order."""
    for i, text in enumerate(study.formulas):
        column = read(text, ordinal=True).outcome.columns[0]
        if column not in numbers:
            raise ChainFileError(
                "{column!r} holds words; say their order under `settings`, the lowest first, as in "
                "{{answers: 'bad, fair, good'}}.",
                path=("studies", study.key, "formulas", i),
                column=column,
            )


def customers(study: Study) -> tuple[str, ...]:
    """Return nothing: single answers have one source."""
    return ()


def fit(rows: StudyRows, study: Study, disclosure: Disclosure, seed: int) -> StudyFindings:
    """Fit every formula; each one needs as many persons with complete rows as the floor asks."""
    return fitted(rows, study, disclosure)[0]


def fitted(rows: StudyRows, study: Study, disclosure: Disclosure) -> tuple[StudyFindings, Fits]:
    """Return the findings, and the designs by which the ledger audits them."""
    return findings(_one, rows, study, columns(study)[1], disclosure)


def _one(text: str, held: Held) -> Fitted:
    family = held.study.setting("family", "binomial")
    used = of_counted(text, held.file(), family)
    persons, units = held.persons(used), held.units(used)
    if persons < held.least:
        return Fitted((doubted.too_few(text, held.least),))
    said = held.study.setting("answers", "")
    order = tuple(name.strip() for name in said.split(",") if name.strip())
    nodes = int(held.study.setting("nodes", "1"))
    found = fit_glmm(text, held.file(), family=family, agq=nodes, order=order, modes=True)
    if not found["converged"]:
        return Fitted((doubted.no_rest(text),))
    return Fitted(
        _doubts(text, held, used, found),
        *_told(text, held, used, found, units),
        behind(text, used, found, family),
        persons=persons,
        units=units,
    )


def _doubts(text: str, held: Held, used: Used, found: dict[str, Any]) -> tuple[Check, ...]:
    doubts = [doubted.flat(text)] if found["singular"] else []
    few = min(len(v.units) for v in used.varying) < FEW_UNITS
    if few:
        alone = len(used.varying) == 1 and found["family"] != "ordinal"
        doubts.append(doubted.few_groups(text, guarded=alone))
    if held.repeated(used):
        doubts.append(doubted.repeated(text, held.study.column("person") or ""))
    if _parse(text, found["family"]).products:
        doubts.append(doubted.products(text))
    shift = found["quadrature_shift"]
    if shift is not None and shift > LOOSE:
        doubts.append(doubted.few_nodes(text))
    if found["family"] != "poisson":
        doubts.append(doubted.conditional())
    return tuple(doubts)


def _told(
    text: str, held: Held, used: Used, found: dict[str, Any], units: int
) -> tuple[tuple[StudyEffect, ...], tuple[Check, ...]]:
    """Return coefficients, ratios and spreads, and what they say.

    Limits are Student's where there is one group. They are left out for fewer than ten units, and
    of an ordinal answer below thirty for what does not vary inside units: those are too short.
    """
    family, outcome = found["family"], read(text).outcome
    target = "/".join(outcome.columns)
    what, label = _what(held.study, found, outcome)
    rows = {row["term"]: row for row in found["fixed"]}
    method = f"{family} mixed model"
    effects, told = [], []
    for column, whole in zip(used.fixed, held.of_units(used), strict=True):
        row = rows.get(column.name)
        if row is None:  # of an ordinal answer: the thresholds stand in its place
            continue
        poor = family == "ordinal" and whole and units < FEW_UNITS
        bare = units < FEWEST_UNITS or poor
        low, high, p = (None, None, None) if bare else _limits(row)
        effects += _pair(text, row, column == ONES, whole, low, high, p, family, target, method)
        if column != ONES:
            said = words.named(held.study, used, column)
            ends = (_exp(low), _exp(high))
            estimate = exp(min(row["estimate"], 700))
            told.append(words.times(text, column, said, label, what, estimate, *ends))
    effects += [_spread(text, r, target, method) for r in found["varcomp"] if not r["name2"]]
    alone = all(v.names == (ONES.name,) for v in used.varying)
    if alone and family != "poisson":
        varied = spread(used, found["varcomp"], ("name1", "name2"))
        parts = [*(float(v.g[0, 0]) for v in varied), pi**2 / 3]
        told.append(words.shares(held.study, used, label, parts, True))
    return tuple(effects), tuple(told)


def _limits(row: dict[str, Any]) -> tuple[float | None, float | None, float | None]:
    end = "_t" if row["low_t"] is not None else ""
    return row["low" + end], row["high" + end], row["p" + end]


def _exp(x: float | None) -> float | None:
    return None if x is None else exp(min(x, 700))


def _pair(
    text: str, row: dict[str, Any], intercept: bool, whole: bool, low: float | None,
    high: float | None, p: float | None, family: str, target: str, method: str,
) -> list[StudyEffect]:  # fmt: skip
    """Return a coefficient on its own scale, and the ratio that people read.

    Degrees of freedom stay inside: here they are whole, and would count the people.
    """
    name = "intercept" if intercept else LOGS[family]
    level = "units" if whole and not intercept else "rows"
    term = row["term"]
    log = StudyEffect(
        formula=text, name=name, level=level, estimate=row["estimate"], se=row["se"],
        p=p, low=low, high=high, source=term, target=target, pair=f"{text}: {term}",
        method=method, drawn=False,
    )  # fmt: skip
    if intercept:
        return [log]
    ratio = StudyEffect(
        formula=text, name=RATIO[family], level=level, estimate=exp(min(row["estimate"], 700)),
        p=p, low=_exp(low), high=_exp(high), source=term, target=target, pair=f"{text}: {term}",
        method=method,
    )  # fmt: skip
    return [ratio, log]


def _spread(text: str, row: dict[str, Any], target: str, method: str) -> StudyEffect:
    where = str(row["group"]) + ("" if row["name1"] == ONES.name else f", {row['name1']}")
    return StudyEffect(
        formula=text, name="standard deviation", level=where, estimate=row["sd"], target=target,
        method=method, drawn=False,
    )  # fmt: skip


def _what(study: Study, found: dict[str, Any], outcome: Outcome) -> tuple[Words, Words]:
    """Return what a ratio multiplies, inside a sentence, and the outcome as a title."""
    label = study.label(outcome.columns[0])
    answers, family = found["answers"], found["family"]
    if family == "binomial" and len(answers) == 2 and answers[1] not in ("1", "TRUE"):
        text = answers[1]
        level = study.label(text) if text in dict(study.labels) else Words(text, text)
        label = Words(f"{label.en}: {level.en}", f"{label.it}: {level.it}")
    inside = words.inline(label)
    if family == "binomial":
        return Words(f"the odds of {inside.en}", f"le odds di {inside.it}"), label
    if family == "ordinal":
        return Words(
            f"the odds of a higher {inside.en}", f"le odds di un grado più alto di {inside.it}"
        ), label
    return Words(f"the expected number of {inside.en}", f"il numero atteso di {inside.it}"), label
