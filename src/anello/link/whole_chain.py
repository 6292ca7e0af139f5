"""What passes through the whole chain: every link of one wave in one two-level path model.

Within: waves inside a unit, what all units share in a wave taken out. Between: the units' own
levels, as latent means (Muthen 1994; Preacher, Zyphur & Zhang, 2010). Errors are summed by unit
(sandwich), so that waves of one unit may go together.
"""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from anello.model.chain import Chain
from anello.model.errors import ModelError
from anello.model.evidence import BLOCK, FEWEST_UNITS, PASS, WARN, Check, Level
from anello.model.paths import DIRECT, INDIRECT, TOTAL, PathEffect, PathModel
from anello.stats.relations.path_products import Product, products, walks
from anello.store.panel import Panel

from .base import Judged
from .checks.base import shown
from .paths.fit import PathFit, PathRows, counted, fitted, model, rows
from .paths.graph import FEWEST_WAVES, Graph, graph
from .structural import indices

SPENT = 2
POOR_CFI, GOOD_CFI, POOR_SRMR = 0.90, 0.95, 0.10
Way = tuple[int, ...]


def whole_chain(panel: Panel, chain: Chain) -> Judged:
    """Return the path model of the chain, or why there is none; nothing for fewer than two links.

    Missing figures are handled by full information maximum likelihood.
    """
    found = graph(panel, chain)
    if len(found.links) < 2:
        return Judged()
    data = rows(panel, found.measures)
    table = model(found)
    within, between = counted(table)
    blank = PathModel(
        found.links,
        found.controls,
        data.units,
        data.waves,
        len(data.values),
        within,
        between,
        checks=found.left_out,
    )
    refused = _needs(found, blank, data)
    if refused is not None:
        return Judged(paths=replace(blank, checks=(refused, *found.left_out)))
    try:
        fit = fitted(found, table, data)
    except (ModelError, np.linalg.LinAlgError):
        return Judged(paths=replace(blank, checks=(SEARCH, *found.left_out)))
    return Judged(paths=_told(blank, found, fit, chain.seed))


SEARCH = Check("paths_search", BLOCK, "The search found no path model in these figures.")


def _needs(found: Graph, blank: PathModel, data: PathRows) -> Check | None:
    """Return what forbids the model before it is fitted, with its numbers."""
    if data.waves < FEWEST_WAVES or data.units < FEWEST_UNITS:
        return Check(
            "paths_small",
            BLOCK,
            "All measures of the chain are known in {units} units and {waves} waves; the path "
            "model takes at least ten units and three waves.",
            shown(units=data.units, waves=data.waves),
        )
    apart = data.never_met
    if apart is not None:
        names = [found.measures[i] for i in apart]
        return Check(
            "paths_overlap",
            BLOCK,
            "{first} and {second} were never known in the same unit and wave, so one model "
            "cannot hold both.",
            shown(first=names[0], second=names[1]),
        )
    if blank.units < blank.parameters_between:
        return Check(
            "paths_parameters",
            BLOCK,
            "{units} units are fewer than the {parameters} parameters that the chain has between "
            "units.",
            shown(units=blank.units, parameters=blank.parameters_between),
        )
    return None


def _told(blank: PathModel, found: Graph, fit: PathFit, seed: int) -> PathModel:
    if fit.end.vcov is None:
        return replace(blank, checks=(SEARCH, *blank.checks))
    if fit.improper or not (fit.sd > 0).all():
        improper = Check(
            "paths_improper",
            BLOCK,
            "The solution is improper: a negative variance, or a correlation beyond 1.",
        )
        return replace(blank, checks=(improper, *blank.checks))
    effects = tuple(
        effect
        for number, level in enumerate((Level.WITHIN, Level.BETWEEN))
        for effect in _effects(found, fit, number, level, blank.units - SPENT, seed)
    )
    measures = None if fit.end.fit is None else indices(fit.end.fit)
    blank = replace(blank, effects=effects, fit=measures)
    spent = [_spent(name) for name in fit.spent]
    return replace(blank, checks=(_fits(blank), *spent, *blank.checks))


def _spent(name: str) -> Check:
    return Check(
        "paths_spent",
        WARN,
        "Between units the links leave nothing of {measure} unexplained: its variance came out "
        "below zero, by no more than chance.",
        shown(measure=name),
    )


def _fits(told: PathModel) -> Check:
    fit = told.fit
    if fit is None or fit.cfi is None or fit.srmr_within is None or fit.srmr_between is None:
        return Check("paths_fit", WARN, "How well the path model fits could not be judged.")
    values = shown(cfi=fit.cfi, within=fit.srmr_within, between=fit.srmr_between)
    if not fit.df:
        return Check("paths_fit", WARN, "The path model fits any figures: it leaves no link out.")
    if fit.cfi < POOR_CFI or max(fit.srmr_within, fit.srmr_between) > POOR_SRMR:
        return Check(
            "paths_fit",
            WARN,
            "The chain alone does not describe these figures well (CFI {cfi}, SRMR {within} "
            "within, {between} between): links are missing in it, so read its sums with care.",
            values,
        )
    return Check(
        "paths_fit",
        PASS if fit.cfi >= GOOD_CFI else WARN,
        "The chain describes these figures (CFI {cfi}, SRMR {within} within, {between} between).",
        values,
    )


def _effects(
    found: Graph, fit: PathFit, number: int, level: Level, df: int, seed: int
) -> Iterator[PathEffect]:
    k = len(found.links)
    wanted = list(_wanted(found))
    told = products(
        fit.slopes[number][:k],
        fit.cov[number][:k, :k],
        [ways for *_, ways in wanted],
        float(df),
        seed,
    )
    place = {key: i for i, key in enumerate(found.measures)}
    for (kind, source, target, through, _), product in zip(wanted, told, strict=True):
        sd = fit.sd[number]
        scale = float(sd[place[source]] / sd[place[target]])
        yield _effect((kind, source, target), level, product, scale, through)


def _wanted(
    found: Graph,
) -> Iterator[tuple[str, str, str, tuple[str, ...], tuple[Way, ...]]]:
    """Return each sum of ways: direct, indirect, total of a pair, and single ways end to end."""
    sources = dict.fromkeys(a for a, _ in found.links)
    targets = dict.fromkeys(b for _, b in found.links)
    for a in sources:
        for b in targets:
            ways = walks(found.links, a, b) if a != b else ()
            longer = tuple(w for w in ways if len(w) > 1)
            short = tuple(w for w in ways if len(w) == 1)
            if short:
                yield DIRECT, a, b, (), short
            if longer:
                yield INDIRECT, a, b, (), longer
                yield TOTAL, a, b, (), ways
            if a not in targets and b not in sources:
                for way in longer:
                    yield INDIRECT, a, b, _through(found, way), (way,)


def _through(found: Graph, way: Way) -> tuple[str, ...]:
    return (found.links[way[0]][0], *(found.links[i][1] for i in way))


def _effect(
    names: tuple[str, str, str],
    level: Level,
    found: Product,
    scale: float,
    through: tuple[str, ...],
) -> PathEffect:
    kind, source, target = names
    return PathEffect(
        kind,
        source,
        target,
        level,
        found.estimate,
        found.se,
        found.low,
        found.high,
        found.drawn_low,
        found.drawn_high,
        found.estimate * scale,
        found.drawn_low * scale,
        found.drawn_high * scale,
        through,
    )
