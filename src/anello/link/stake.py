"""What is at stake in a slope: the effect of one step, beside what is worth acting on."""

from dataclasses import dataclass

from anello.model.chain import Worth
from anello.stats.linear.confidence import Confidence

from .levels import Slope

BROKEN, HALF, SMALL = 0.05, 0.90, 0.05


@dataclass(frozen=True, slots=True)
class Stake:
    """The effect of one `step` of the source, turned so that + is wished, and its `worth`."""

    turned: Confidence
    worth: float
    step: float

    @property
    def settles(self) -> str:
        """Return `found`, `broken` or `open`: what this slope would come to on its own.

        The rules are those of the verdict, with p in the place of q. A second look is held
        against the first by this word.
        """
        if self.turned.above(self.worth) <= BROKEN:
            return "broken"
        enough = self.turned.estimate >= self.worth and self.turned.p <= SMALL
        return "found" if enough and self.turned.above(self.worth / 2) >= HALF else "open"


def stake(slope: Slope, worth: Worth, wished: int) -> Stake:
    """Return what is at stake, by the standard deviations of this slope's own level and rows."""
    step = slope.sd_source if worth.step is None else worth.step
    found, turn = slope.confidence, wished * step
    turned = Confidence(found.estimate * turn, found.se * abs(turn), found.df)
    return Stake(turned, worth.size * (slope.sd_target if worth.standardised else 1.0), step)
