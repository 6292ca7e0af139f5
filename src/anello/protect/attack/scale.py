"""What one person's answer can be: from lowest to highest, in steps."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil, floor, lcm

FINEST = 1000
"""A score of many items, any of which may be skipped, has no step that helps."""
SURE = 1e-6


@dataclass(frozen=True, slots=True)
class Scale:
    """Lowest and highest score of one person, and the step between scores; None when unknown.

    In a `weighted` mean people count unequally, so neither their number nor their sum follows.
    """

    low: float
    high: float
    step: float | None = 1.0
    weighted: bool = False

    @property
    def middle(self) -> float:
        """Return the middle; an answer on it lies on neither side."""
        return (self.low + self.high) / 2

    def inward(self, least: float, most: float) -> tuple[float, float]:
        """Return bounds of one answer, moved inward to the scores there are.

        >>> Scale(1, 5).inward(3.2, 7), Scale(1, 5, step=0.5).inward(0, 3.7)
        ((4.0, 5.0), (1.0, 3.5))
        """
        least, most = max(least, self.low), min(most, self.high)
        if self.step is None:
            return least, most
        up = ceil((least - self.low) / self.step - SURE)
        down = floor((most - self.low) / self.step + SURE)
        return self.low + up * self.step, self.low + down * self.step


def from_values(told: Mapping[str, object]) -> Scale | None:
    """Return the scale of a measure as its release tells it; None when it tells none.

    The answers to one item are taken for whole numbers; the score of several items is their mean,
    over those answered, at least `min_items` of them.

    >>> from_values({"scoring": "mean", "low": 1, "high": 5, "items": 3, "min_items": 2}).step
    0.16666666666666666
    """
    if told.get("scoring") == "sentiment":
        return Scale(-2.0, 2.0, None, bool(told.get("weighted")))
    span = _span(told)
    items, fewest = told.get("items", 1), told.get("min_items", 1)
    if span is None or not isinstance(items, int) or not isinstance(fewest, int):
        return None
    parts = lcm(*range(max(fewest, 1), items + 1)) if 0 < items <= 50 else FINEST + 1
    low, high, step = span
    return Scale(low, high, step / parts if parts <= FINEST else None, bool(told.get("weighted")))


def _span(told: Mapping[str, object]) -> tuple[float, float, float] | None:
    """Return lowest, highest and step of the points that one item can earn."""
    scoring, low, high = told.get("scoring", "mean"), told.get("low"), told.get("high")
    if scoring in ("percent_positive", "top_box", "topic_share"):
        return 0.0, 100.0, 100.0
    if scoring == "recommend":
        return -100.0, 100.0, 100.0
    if not isinstance(low, int | float) or not isinstance(high, int | float) or low >= high:
        return None
    if scoring == "index_0_100":
        return 0.0, 100.0, 100.0 / (high - low)
    return (float(low), float(high), 1.0) if scoring in ("mean", "given") else None
