"""Percent positive: the share of a person's answers above the middle of the scale, times 100."""

import ibis
import ibis.expr.types as ir

from anello.model.chain import Measure

from .base import bounds


class PercentPositive:
    """100 for an answer above the midpoint of the scale, 0 for any other.

    Of five options the upper two (agree, strongly agree), of seven the upper three, of four the
    upper two; the middle option is not positive. A theme of several items is the mean of its
    items' percentages (UK Civil Service People Survey; US FEVS) only if everybody answered every
    item: here the mean is taken in each person first, so that whoever skipped items counts as
    much as all others.
    """

    key = "percent_positive"
    of_answers = True

    def span(self, measure: Measure) -> tuple[float, float]:
        """Return 0 and 100; raise `ChainFileError` when the answers have no bounds."""
        bounds(measure)
        return 0.0, 100.0

    def points(self, answer: ir.NumericValue, measure: Measure) -> ir.NumericValue:
        """Return 100 above the midpoint, else 0."""
        positive = ibis.ifelse(answer > sum(bounds(measure)) / 2, 100.0, 0.0)
        return ibis.ifelse(answer.isnull(), None, positive).cast("float64")
