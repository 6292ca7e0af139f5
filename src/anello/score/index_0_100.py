"""The index from 0 to 100: the lowest answer counts 0, the highest 100, the others evenly."""

import ibis.expr.types as ir

from anello.model.chain import Measure

from .base import bounds


class Index0To100:
    """(answer - low) / (high - low) x 100; of five options 0, 25, 50, 75, 100.

    The arithmetic of the Civil Service engagement index (Cabinet Office, technical guide 2022).
    """

    key = "index_0_100"
    of_answers = False

    def span(self, measure: Measure) -> tuple[float, float]:
        """Return 0 and 100; raise `ChainFileError` when the answers have no bounds."""
        bounds(measure)
        return 0.0, 100.0

    def points(self, answer: ir.NumericValue, measure: Measure) -> ir.NumericValue:
        """Return the share of the way from low to high, times 100."""
        low, high = bounds(measure)
        return (answer - low) * 100.0 / (high - low)
