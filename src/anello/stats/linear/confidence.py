"""The confidence distribution of one effect: t with the degrees of freedom of its method."""

from dataclasses import dataclass

from scipy.special import stdtr, stdtrit


@dataclass(frozen=True, slots=True)
class Confidence:
    """What the data say of one effect: t around `estimate` with scale `se` and `df`.

    It is not a posterior: P(effect > c) is the one-sided confidence level of the interval that
    starts at c (Schweder & Hjort 2016, ch. 3). A standard error of zero puts all confidence on
    the estimate.

    >>> fit = Confidence(estimate=0.30, se=0.10, df=20.0)
    >>> [round(x, 3) for x in fit.limits()]
    [0.091, 0.509]
    >>> round(fit.above(0.2), 3), round(fit.p, 4)
    (0.835, 0.0071)
    """

    estimate: float
    se: float
    df: float

    def above(self, c: float) -> float:
        """Return P(effect > c)."""
        distance = self.estimate - c
        if self.se == 0:
            return 0.5 if distance == 0 else float(distance > 0)
        return float(stdtr(self.df, distance / self.se))

    def limits(self, level: float = 0.95) -> tuple[float, float]:
        """Return the lower and upper limit of the central interval."""
        reach = float(stdtrit(self.df, 0.5 + level / 2)) * self.se
        return self.estimate - reach, self.estimate + reach

    @property
    def p(self) -> float:
        """Return the two-sided p for no effect."""
        if self.se == 0:
            return float(self.estimate == 0)
        return 2 * float(stdtr(self.df, -abs(self.estimate) / self.se))
