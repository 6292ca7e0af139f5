"""Sentiment: how much praise or complaint a comment holds, less the mean of its language."""

import ibis.expr.types as ir

from anello.model.chain import Grain, Measure
from anello.model.errors import ChainFileError


class Sentiment:
    """Praise above, complaint below 0, the mean of the comment's language.

    The column holds what people wrote; `score.text` turns it into numbers before anything else
    looks at it. A comment lies in [-1, 1]; centring moves it, at most to [-2, 2].
    """

    key = "sentiment"
    of_answers = False

    def span(self, measure: Measure) -> tuple[float, float]:
        """Return -2 and 2; raise `ChainFileError` for rows that are no persons' comments."""
        refuse_units(measure)
        return -2.0, 2.0

    def points(self, answer: ir.NumericValue, measure: Measure) -> ir.NumericValue:
        """Return the coded sentiment."""
        return answer


def refuse_units(measure: Measure) -> None:
    """Raise `ChainFileError` when the rows are figures of units: a figure has written nothing."""
    if measure.grain is Grain.UNIT:
        raise ChainFileError(
            "the measure {measure!r} reads comments, which only persons write. "
            "Give its source `grain: person`.",
            path=("measures", measure.key, "scoring"),
            measure=measure.key,
        )
