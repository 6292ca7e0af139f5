"""May the means of a measure be compared over its waves? Three fits, from sums of complete answers.

One factor is fitted to all waves at once: with nothing held equal, then the loadings, then the
intercepts too. Rows are never read: the sums are those behind alpha and omega.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from math import isfinite

import numpy as np

from anello.model.chain import Grain, Measure
from anello.model.errors import ModelError
from anello.model.invariance import (
    FEWEST_ANSWERS,
    FEWEST_ITEMS,
    MOST_GROUPS,
    POOR,
    WAVES,
    Alike,
    Invariance,
    InvarianceStep,
)
from anello.model.topics import TEXT_SCORINGS
from anello.stats.sem.invariance import Step, invariance
from anello.stats.sem.language.rows import Wish
from anello.stats.sem.language.syntax import parse
from anello.stats.sem.likelihood.single import GroupSums, single

from .moments import Moments

STEPS = ("configural", "metric", "scalar")


def asks(measure: Measure) -> bool:
    """Return whether a measure can be asked: answers of persons to three different questions."""
    columns = {item.column for item in measure.items}
    return (
        measure.grain is Grain.PERSON
        and measure.scoring not in TEXT_SCORINGS
        and len(columns) == len(measure.items) >= FEWEST_ITEMS
    )


def over_waves(cells: Moments, measure: Measure, k: int, waves: Sequence[str]) -> Invariance | None:
    """Return whether the means of a measure may be compared over those of `waves` with enough.

    `cells` are its moments by unit and wave. Units of fewer than `k` answers enter no number, as in
    reliability. None when fewer than two waves have 100 people who answered every question.
    """
    used = cells.take(cells.n >= k)
    known = {w: _sums(used.take(np.array([x == w for x in used.waves], bool))) for w in waves}
    groups = dict([(w, found) for w, found in known.items() if found is not None][-MOST_GROUPS:])
    return compared(measure.key, WAVES, groups) if len(groups) > 1 else None


def compared(measure: str, over: str, groups: dict[str, GroupSums]) -> Invariance:
    """Return how far one factor is the same in all groups; what cannot be fitted is `none`.

    A group in which everybody gave one answer, or a question that repeats another, cannot be
    fitted: then there are no steps.
    """
    first = next(iter(groups.values()))
    sizes = [g.n for g in groups.values()]
    n, least, items = sum(sizes), min(sizes), len(first.names)
    blank = Invariance(measure, over, tuple(groups), n, least, items, Alike.NONE)
    text = f"f =~ {' + '.join(first.names)}"
    sums = tuple(groups.values())
    wish = Wish("cfa", len(groups))
    try:
        steps = invariance(parse(text), wish, lambda shape: single(shape, sums), asked=STEPS)
    except ModelError:
        return blank
    return replace(blank, level=_level(steps), steps=tuple(_told(s) for s in steps))


def _sums(cells: Moments) -> GroupSums | None:
    """Return n, means and covariances (divisor n) of complete answers; None of too few."""
    n = float(cells.complete.sum())
    if n < FEWEST_ANSWERS:
        return None
    mean = cells.item_sums.sum(axis=0) / n
    cov = cells.item_products.sum(axis=0) / n - np.outer(mean, mean)
    names = tuple(f"x{i}" for i in range(1, len(mean) + 1))
    return GroupSums(names, int(n), cells.item_shift + mean, cov)


def _level(steps: Sequence[Step]) -> Alike:
    """Return the last step that holds; none where one factor does not describe the answers."""
    first = steps[0]
    if not first.converged or first.cfi < POOR:
        return Alike.NONE
    return [Alike(s.name) for s in steps if s.holds][-1]


def _told(s: Step) -> InvarianceStep:
    return InvarianceStep(
        s.name,
        s.df,
        _known(s.chisq),
        _known(s.cfi),
        _known(s.delta_cfi),
        _known(s.rmsea),
        s.converged,
        s.improper,
    )


def _known(value: float) -> float | None:
    return value if isfinite(value) else None


def heard(
    waves: Sequence[str], measure: str, allowed: Collection[tuple[str, str, str]] | None
) -> list[str]:
    """Return the waves whose covariances and means of questions may leave; None allows all."""
    parts = ("items", "means")
    return [w for w in waves if allowed is None or all((w, measure, p) in allowed for p in parts)]
