"""Topic share: how many of a hundred comments speak of a topic."""

import ibis.expr.types as ir

from anello.model.chain import Measure

from .sentiment import refuse_units


class TopicShare:
    """100 for a comment that speaks of the topic, 0 for one that does not; empty ones are missing.

    A share says how often something is mentioned, not whether it was praised: for that, use
    `sentiment`.
    """

    key = "topic_share"
    of_answers = False

    def span(self, measure: Measure) -> tuple[float, float]:
        """Return 0 and 100; raise `ChainFileError` for rows that are no persons' comments."""
        refuse_units(measure)
        return 0.0, 100.0

    def points(self, answer: ir.NumericValue, measure: Measure) -> ir.NumericValue:
        """Return 100 times the coded 0 or 1."""
        return answer * 100.0
