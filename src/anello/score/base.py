"""What a scoring is, and what all scorings share: turning, the missing-item rule, the mean.

A score is the mean of the points of the answered items. A scoring only says how many points one
answer earns.
"""

from functools import reduce
from operator import add
from typing import Protocol

import ibis
import ibis.expr.types as ir

from anello.model.chain import Grain, Measure
from anello.model.errors import ChainFileError


class Scoring(Protocol):
    """How many points one answer earns, as an Ibis expression that runs where the answers lie.

    `of_answers` is True when the points of a mean are not the mean of the points, so that the
    scoring may not be applied to a unit-level figure.
    """

    key: str
    of_answers: bool

    def span(self, measure: Measure) -> tuple[float, float] | None:
        """Return the lowest and highest possible score, None when the measure has no bounds.

        Raises `ChainFileError` when the measure's answers cannot be scored this way.
        """
        ...

    def points(self, answer: ir.NumericValue, measure: Measure) -> ir.NumericValue:
        """Return the points of one answer (float64, already turned); NULL stays NULL."""
        ...


def bounds(measure: Measure) -> tuple[float, float]:
    """Return the lowest and highest answer of a measure.

    Raises `ChainFileError` when the chain file does not say them: 0-100 of an unknown scale, or
    a turned answer, would be a guess.
    """
    if measure.low is None or measure.high is None or measure.low >= measure.high:
        raise ChainFileError(
            "the measure {measure!r} needs the lowest and the highest answer of its scale. "
            "Write both, as in `low: 1` and `high: 5`.",
            path=("measures", measure.key),
            measure=measure.key,
        )
    return measure.low, measure.high


def fewest(measure: Measure) -> int:
    """Return how many items a person must have answered: half of them, rounded up, by default.

    >>> from anello.model.chain import Item
    >>> from anello.model.words import Words
    >>> five = tuple(Item(c) for c in "abcde")
    >>> fewest(Measure("m", "m", Words("", ""), "s", five))
    3
    """
    if measure.min_items is not None:
        return measure.min_items
    return (len(measure.items) + 1) // 2


def check(measure: Measure, scoring: Scoring) -> None:
    """Raise `ChainFileError` when a measure contradicts its scoring."""
    path = ("measures", measure.key)
    if scoring.of_answers and measure.grain is Grain.UNIT:
        raise ChainFileError(
            "the measure {measure!r} is a unit's figure, and the scoring {scoring!r} needs single "
            "answers. Use `scoring: given`, or a source with `grain: person`.",
            path=(*path, "scoring"),
            measure=measure.key,
            scoring=scoring.key,
        )
    if not 1 <= fewest(measure) <= len(measure.items):
        raise ChainFileError(
            "the measure {measure!r} asks for {fewest} answered items and has {items}. "
            "Write a `min_items` from 1 to {items}.",
            path=(*path, "min_items"),
            measure=measure.key,
            fewest=fewest(measure),
            items=len(measure.items),
        )
    if any(item.reversed for item in measure.items):
        bounds(measure)
    scoring.span(measure)


def answers(table: ir.Table, measure: Measure) -> tuple[ir.NumericValue, ...]:
    """Return the answers of each item as float64 columns, reversed items turned.

    A turned answer is low + high - answer: 2 on a scale of 1 to 5 becomes 4. Turning happens
    before any points are given, so a turned item counts like all others.
    """
    turned = []
    for item in measure.items:
        answer = table[item.column].cast("float64")
        turned.append(sum(bounds(measure)) - answer if item.reversed else answer)
    return tuple(turned)


def scale(table: ir.Table, measure: Measure, scoring: Scoring) -> ir.NumericValue:
    """Return the score column: the mean of the points of the answered items.

    NULL when fewer than `fewest(measure)` items are answered. Whoever skips an item is scored on
    the others: nothing is imputed.
    """
    points = [scoring.points(answer, measure) for answer in answers(table, measure)]
    if len(points) == 1:
        return points[0]
    answered = reduce(add, (p.notnull().ifelse(1, 0) for p in points))
    total = reduce(add, (ibis.coalesce(p, 0.0) for p in points))
    return ibis.ifelse(answered >= fewest(measure), total / answered, None).cast("float64")
