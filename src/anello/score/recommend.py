"""The recommend score: the share of 9 and 10 minus the share of 0 to 6, times 100."""

import ibis
import ibis.expr.types as ir

from anello.model.chain import Measure
from anello.model.errors import ChainFileError


class Recommend:
    """+100 for a 9 or 10, -100 for a 0 to 6, 0 for a 7 or 8: the mean of people is the score.

    The question is asked from 0 to 10; a scale of 1 to 10 would shift every share. For links the
    mean of the 0-10 answers is the better measure: it keeps what the cut throws away
    (Reichheld 2003; interval by `anello.stats.scales.recommend`).
    """

    key = "recommend"
    of_answers = True

    def span(self, measure: Measure) -> tuple[float, float]:
        """Return -100 and 100; raise `ChainFileError` unless answers go from 0 to 10."""
        if (measure.low, measure.high) != (0, 10):
            raise ChainFileError(
                "the measure {measure!r} is a recommend score, which is asked from 0 to 10. "
                "Write `low: 0` and `high: 10`, or use `scoring: mean`.",
                path=("measures", measure.key, "scoring"),
                measure=measure.key,
            )
        return -100.0, 100.0

    def points(self, answer: ir.NumericValue, measure: Measure) -> ir.NumericValue:
        """Return 100 from 9 up, -100 up to 6, 0 between."""
        promoter = ibis.ifelse(answer >= 9, 100.0, 0.0)
        detractor = ibis.ifelse(answer <= 6, 100.0, 0.0)
        return ibis.ifelse(answer.isnull(), None, promoter - detractor).cast("float64")
