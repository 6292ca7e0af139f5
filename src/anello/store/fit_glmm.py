"""`anello fit glmm`: a binomial, Poisson or ordinal mixed model from one file, as a dictionary.

For a person who already holds the rows; the fit itself sees counts per group, covariate pattern
and answer.
"""

from functools import reduce
from math import isfinite
from time import perf_counter
from typing import Any

import numpy as np
import numpy.typing as npt

from anello.model.errors import ModelError
from anello.model.words import say
from anello.stats.discrete.families import FAMILIES, Counts
from anello.stats.discrete.formula import Counted, read
from anello.stats.discrete.glmm import Fitted, fit
from anello.stats.discrete.summary import FEW, blups, coefficients, icc, spreads
from anello.stats.discrete.table import Table, Varying
from anello.stats.mixed.arrays import Arrays
from anello.stats.mixed.design import Column, Design, design, factors
from anello.stats.mixed.terms import Level, Log, Node, evaluate, label, walk

from .counts_file import Counting, columns, counting, held
from .files import File, opened
from .scan import levels

Array = npt.NDArray[Any]
LOOSE = 0.05


def fit_glmm(
    formula: str,
    path: str | File,
    *,
    family: str = "binomial",
    link: str | None = None,
    agq: int = 1,
    weights: str | None = None,
    order: tuple[str, ...] = (),
    modes: bool = False,
    language: str = "en",
) -> dict[str, Any]:
    """Fit a mixed model of counts or categories to a CSV, TSV or Parquet file, or an open one.

    `agq` is the number of quadrature nodes (1: Laplace), `weights` a column of frequencies (or of
    the number of answers behind a share), `order` the answers from the lowest to the highest,
    `modes` asks for the conditional modes of the groups. `loglik` stands on lme4's scale, which is
    relative to the saturated model when a binomial or Poisson model has more than one node;
    `loglik_absolute` never is. Raises `FormulaError`, `SourceError` or `ModelError`, each one
    sentence.
    """
    started = perf_counter()
    link = link or ("log" if family == "poisson" else "logit")
    if (family, link) not in FAMILIES:
        raise ModelError(
            "There is no {family} model with the link {link!r}; known are: {known}.",
            family=family,
            link=link,
            known=", ".join(f"{f} {k}" for f, k in FAMILIES),
        )
    parsed = read(formula, ordinal=family == "ordinal")
    file = opened(path)
    wanted = columns(parsed, file.kinds, weights)
    file = held(file, wanted)
    found_designs = designs(file, parsed, wanted)
    counts = counting(file, parsed, wanted, family, weights, order)
    table = _table(counts, parsed, found_designs, family)
    scanned = perf_counter()
    fitted = fit(table, family, link, agq)
    seconds = {"scan": scanned - started, "fit": perf_counter() - scanned}
    found = _plain(fitted, counts, family, agq)
    found |= {"formula": formula, "seconds": seconds, "sql": counts.sql}
    found["notes"] = _notes(fitted, counts, parsed, agq, language)
    if modes:
        found["blups"] = blups(fitted)
    return found


def designs(file: File, parsed: Counted, wanted: tuple[str, ...]) -> list[Design]:
    """Return the columns of each set of varying effects; the fixed ones are the same in all."""
    named: dict[str, tuple[Level, ...]] = {}
    for formula in parsed.formulas:
        missing = tuple(n for n in factors(formula, file.kinds) if n not in named)
        named |= levels(file, missing, wanted)
    found = []
    for formula in parsed.formulas:
        mine = {n: named[n] for n in factors(formula, file.kinds)}
        found.append(design(formula, file.kinds, mine))
    return found


def _column(node: Node, counts: Counting) -> Array:
    cells = Arrays(counts.cells)
    for inner in walk(node):
        if isinstance(inner, Log):
            values = np.broadcast_to(evaluate(inner.inside, cells), counts.yes.shape)
            if (values <= 0).any():
                raise ModelError(
                    "log({term}) meets {rows} rows with zero or less; a logarithm needs numbers "
                    "above zero.",
                    term=label(inner.inside),
                    rows=int(counts.total[values <= 0].sum()),
                )
    found = np.broadcast_to(np.asarray(evaluate(node, cells), dtype=float), counts.yes.shape)
    if not np.isfinite(found).all():
        raise ModelError("A value is infinite after the formula was applied; remove those rows.")
    return found


def _matrix(wanted: tuple[Column, ...], counts: Counting) -> Array:
    if not wanted:
        return np.zeros((len(counts.yes), 0))
    return np.column_stack([_column(column.node, counts) for column in wanted])


def _table(counts: Counting, parsed: Counted, designs: list[Design], family: str) -> Table:
    fixed = designs[0].fixed
    if family == "ordinal":
        fixed = tuple(column for column in fixed if column.name != "(Intercept)")
    offset = None if parsed.offset is None else _column(parsed.offset.node, counts)
    return Table(
        counts=Counts(counts.yes, counts.total),
        x=_matrix(fixed, counts),
        names=tuple(column.name for column in fixed),
        varying=_varying(counts, parsed, designs),
        offset=offset,
        category=counts.category,
        levels=counts.answers if counts.category is not None else (),
    )


def _varying(counts: Counting, parsed: Counted, designs: list[Design]) -> tuple[Varying, ...]:
    grouped: dict[str, list[tuple[Column, ...]]] = {}
    columns_of_group: dict[str, tuple[str, ...]] = {}
    for part, found in zip(parsed.varying, designs, strict=True):
        grouped.setdefault(part.name, []).extend(found.blocks)
        columns_of_group[part.name] = part.group[::-1] if part.nested else part.group
    varying = []
    for name, blocks in grouped.items():
        inside = tuple(column for block in blocks for column in block)
        names = tuple(column.name for column in inside)
        twice = next((n for n in names if names.count(n) > 1), None)
        if twice is not None:
            raise ModelError(
                "{column!r} varies by {group!r} twice; name it once.", column=twice, group=name
            )
        units, index = _units([counts.cells[c] for c in columns_of_group[name]])
        sizes = tuple(len(block) for block in blocks)
        varying.append(Varying(name, units, index, names, _matrix(inside, counts), sizes))
    return tuple(varying)


def _units(parts: list[Array]) -> tuple[tuple[str, ...], npt.NDArray[np.int64]]:
    """Return the names of the groups and the group of each cell, for one or more columns."""
    values, codes = zip(*(np.unique(part, return_inverse=True) for part in parts), strict=True)
    joint = reduce(lambda a, b: a * len(values[b]) + codes[b], range(1, len(codes)), codes[0])
    kept, first, index = np.unique(joint, return_index=True, return_inverse=True)
    names = tuple(":".join(str(part[i]) for part in parts) for i in first)
    assert len(names) == len(kept)
    return names, np.asarray(index, dtype=np.int64)


def _plain(fitted: Fitted, counts: Counting, family: str, agq: int) -> dict[str, Any]:
    relative = agq > 1 and family != "ordinal"
    loglik = fitted.kernel - counts.saturated if relative else fitted.kernel + counts.constant
    k, n = fitted.parameters, counts.rows
    tops, fixed = coefficients(fitted, n)
    weighted = float(counts.yes.sum() if family == "ordinal" else counts.total.sum())
    return {
        "model": "glmm",
        "family": family,
        "link": fitted.family.link,
        "agq": agq,
        "n": n,
        "weighted_n": weighted,
        "dropped": counts.dropped,
        "patterns": len(counts.yes),
        "groups": {v.group: len(v.units) for v in fitted.table.varying},
        "answers": list(counts.answers),
        "loglik": loglik,
        "loglik_scale": "relative" if relative else "absolute",
        "loglik_absolute": fitted.kernel + counts.constant,
        "deviance": -2 * loglik,
        "aic": -2 * loglik + 2 * k,
        "bic": -2 * loglik + k * float(np.log(weighted if family == "ordinal" else n)),
        "npar": k,
        "quadrature_shift": fitted.shift,
        "fixed": [_finite(row) for row in fixed],
        "thresholds": [_finite(row) for row in tops],
        "varcomp": [_finite(row) for row in spreads(fitted)],
        "icc": icc(fitted),
        "converged": fitted.converged,
        "singular": fitted.singular,
        "gradient": fitted.gradient,
    }


def _few(group: str, number: int, alone: bool, language: str) -> str:
    if alone:
        return say(
            "Only {count} groups in {group}: z is too sure; read df, p_t, low_t and high_t.",
            language,
            count=number,
            group=group,
        )
    return say(
        "Only {count} groups in {group}: z is too sure of what differs between them.",
        language,
        count=number,
        group=group,
    )


def _finite(row: dict[str, Any]) -> dict[str, Any]:
    return {k: None if isinstance(v, float) and not isfinite(v) else v for k, v in row.items()}


def _notes(fitted: Fitted, counts: Counting, parsed: Counted, agq: int, language: str) -> list[str]:
    found = []
    groups = {v.group: len(v.units) for v in fitted.table.varying}
    if not fitted.converged:
        found.append(say("The search did not come to rest: do not use these numbers.", language))
    if fitted.singular:
        found.append(
            say("A spread is estimated at zero, or a correlation at one: simplify what varies.",
                language)
        )  # fmt: skip
    for group, number in groups.items():
        if number < FEW:
            found.append(_few(group, number, len(groups) == 1, language))
    if fitted.shift is not None and fitted.shift > LOOSE:
        found.append(
            say(
                "With more nodes a coefficient would move by about {shift:.2f} standard errors: "
                "try --agq 25.",
                language,
                shift=fitted.shift,
            )
        )
    if len(counts.yes) > counts.rows / 2 and counts.rows > 1000:
        found.append(
            say("There are nearly as many patterns as rows, so counting them saves nothing: "
                "{patterns} patterns, {rows} rows.",
                language, patterns=len(counts.yes), rows=counts.rows)
        )  # fmt: skip
    if not counts.whole_weights:
        found.append(
            say("The weights are not whole numbers: estimates are a pseudo-likelihood's, and "
                "standard errors take weights for counts of people.", language)
        )  # fmt: skip
    return found
