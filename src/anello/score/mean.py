"""The mean of the answers, on the scale on which they were given."""

import ibis.expr.types as ir

from anello.model.chain import Measure

from .base import bounds


class Mean:
    """The answer itself: a scale of 1 to 5 gives scores of 1 to 5.

    Keeps everything people said; for links it is the first choice.
    """

    key = "mean"
    of_answers = False

    def span(self, measure: Measure) -> tuple[float, float] | None:
        """Return the bounds of the answers."""
        if measure.low is None or measure.high is None:
            return None
        return bounds(measure)

    def points(self, answer: ir.NumericValue, measure: Measure) -> ir.NumericValue:
        """Return the answer."""
        return answer
