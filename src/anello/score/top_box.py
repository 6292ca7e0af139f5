"""Top box: the share of the highest possible answer, times 100."""

import ibis
import ibis.expr.types as ir

from anello.model.chain import Measure

from .base import bounds


class TopBox:
    """100 for the highest answer of the scale, 0 for any other.

    Only the best counts: a shift from "very poor" to "good" leaves it unmoved. Use the mean for
    links; the top box throws most of the information away.
    """

    key = "top_box"
    of_answers = True

    def span(self, measure: Measure) -> tuple[float, float]:
        """Return 0 and 100; raise `ChainFileError` when the answers have no bounds."""
        bounds(measure)
        return 0.0, 100.0

    def points(self, answer: ir.NumericValue, measure: Measure) -> ir.NumericValue:
        """Return 100 for the highest answer, else 0."""
        top = ibis.ifelse(answer >= bounds(measure)[1], 100.0, 0.0)
        return ibis.ifelse(answer.isnull(), None, top).cast("float64")
