"""The column as it stands: somebody else scored it."""

import ibis.expr.types as ir

from anello.model.chain import Measure
from anello.model.errors import ChainFileError

from .base import bounds


class Given:
    """The figure itself; the default of unit-level sources.

    How it was made (weights, exclusions, rounding) is not known here: say it in the `note`.
    """

    key = "given"
    of_answers = False

    def span(self, measure: Measure) -> tuple[float, float] | None:
        """Return the bounds of the figure; raise `ChainFileError` for several columns."""
        if len(measure.items) != 1:
            raise ChainFileError(
                "the measure {measure!r} is given as it stands and lists {items} items. "
                "Name one `column`, or use `scoring: mean`.",
                path=("measures", measure.key, "items"),
                measure=measure.key,
                items=len(measure.items),
            )
        if measure.low is None or measure.high is None:
            return None
        return bounds(measure)

    def points(self, answer: ir.NumericValue, measure: Measure) -> ir.NumericValue:
        """Return the figure."""
        return answer
