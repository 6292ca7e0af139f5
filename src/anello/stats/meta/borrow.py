"""Borrowing from published studies: what a small organisation knows alone, and with their help.

Three lines, always: its own data alone, the literature alone, both together. The literature is a
prediction for one new organisation, N(mu, tau^2 + se^2): not the mean of the others, but where one
more of them would fall. The robust form keeps a share of doubt that this organisation is of
another kind altogether (robust MAP prior: Schmidli et al. 2014). Everything is on one scale, on
which estimates are about normal: Fisher's z for correlations.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import exp, inf, isfinite, log, pi

from scipy.special import ndtr, ndtri, stdtrit

from anello.model.errors import ModelError

DIFFERENT = 0.2


@dataclass(frozen=True, slots=True)
class Normal:
    """A normal distribution with its share in a mixture."""

    mean: float
    sd: float
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Own:
    """The organisation's own estimate; `se` already carries its degrees of freedom (see `own`)."""

    estimate: float
    se: float


@dataclass(frozen=True, slots=True)
class Line:
    """What one source of knowledge says of the effect: a mixture of normals."""

    parts: tuple[Normal, ...]

    @property
    def mean(self) -> float:
        """Return the mean."""
        return sum(p.weight * p.mean for p in self.parts)

    @property
    def sd(self) -> float:
        """Return the standard deviation."""
        square = sum(p.weight * (p.sd**2 + p.mean**2) for p in self.parts)
        return float(max(0.0, square - self.mean**2) ** 0.5)

    def below(self, c: float) -> float:
        """Return P(effect < c)."""
        return sum(p.weight * float(ndtr((c - p.mean) / p.sd)) for p in self.parts)

    def above(self, c: float) -> float:
        """Return P(effect > c)."""
        return sum(p.weight * float(ndtr((p.mean - c) / p.sd)) for p in self.parts)

    def quantile(self, p: float) -> float:
        """Return the value below which the effect lies with probability p."""
        reach = abs(float(ndtri(p))) + 1
        ends = [(q.mean - reach * q.sd, q.mean + reach * q.sd) for q in self.parts]
        return _where(self.below, p, min(e[0] for e in ends), max(e[1] for e in ends))

    def interval(self, level: float = 0.95) -> tuple[float, float]:
        """Return the limits that leave the same probability on either side."""
        return self.quantile((1 - level) / 2), self.quantile((1 + level) / 2)


@dataclass(frozen=True, slots=True)
class Borrowed:
    """The three lines. `different` is what the data left of the doubt "we are different".

    `borrowed` is the share of the precision of `together` that the literature brought: 1 - its
    variance over that of the own data. 0 when the two disagree so much that nothing was gained.
    """

    alone: Line
    literature: Line
    together: Line
    different: float
    borrowed: float


def own(estimate: float, se: float, df: float = inf) -> Own:
    """Return the own estimate as a normal whose 95 % interval is that of t with `df`.

    Raises `ModelError` unless the standard error is above zero.

    >>> round(own(0.3, 0.1, 8).se, 4)
    0.1177
    """
    if not (isfinite(estimate) and isfinite(se) and se > 0 and df > 0):
        raise ModelError(
            "Borrowing needs an own estimate with a standard error above zero; these are "
            "{estimate} and {se}.",
            estimate=estimate,
            se=se,
        )
    return Own(estimate, se * float(stdtrit(df, 0.975)) / float(ndtri(0.975)))


def predictive(mu: float, tau: float, se: float) -> tuple[Normal, ...]:
    """Return where one new organisation falls: N(mu, tau^2 + se^2).

    `mu` and its `se` are the pooled mean, `tau` the SD of true effects. A prior without tau would
    claim that all organisations are the same.

    >>> predictive(0.2, 0.12, 0.05)[0].sd
    0.13
    """
    if not (isfinite(mu) and tau >= 0 and se >= 0 and 0 < tau**2 + se**2 < inf):
        raise ModelError(
            "A prior needs a mean and a spread above zero; these are mean {mu}, tau {tau} and "
            "standard error {se}.",
            mu=mu,
            tau=tau,
            se=se,
        )
    return (Normal(mu, (tau**2 + se**2) ** 0.5),)


def robust(
    prior: tuple[Normal, ...], *, vague: Normal, different: float = DIFFERENT
) -> tuple[Normal, ...]:
    """Return the prior with the share `different` given to a vague one: "we are different".

    `vague` should know about as much as one unit would, and lean nowhere: N(0, 1) for Fisher's z,
    whose sampling SD is 1 at n = 4. Raises `ModelError` for a share outside 0 to 1.
    """
    if not 0 <= different <= 1:
        raise ModelError(
            "The share of doubt lies between 0 and 1; {different} does not.", different=different
        )
    kept = tuple(Normal(p.mean, p.sd, p.weight * (1 - different)) for p in prior)
    return (*kept, Normal(vague.mean, vague.sd, different))


def posterior(mine: Own, prior: tuple[Normal, ...]) -> tuple[Normal, ...]:
    """Return the exact posterior of a mixture of normals under a normal likelihood.

    Each part moves as a normal does; its weight is multiplied by how well it had foretold the own
    estimate. A part of weight 0 is dropped.
    """
    parts, heights = [], []
    for p in prior:
        if p.weight > 0:
            variance = 1 / (1 / p.sd**2 + 1 / mine.se**2)
            mean = variance * (p.mean / p.sd**2 + mine.estimate / mine.se**2)
            foretold = p.sd**2 + mine.se**2
            far = (mine.estimate - p.mean) ** 2 / foretold
            heights.append(log(p.weight) - (log(2 * pi * foretold) + far) / 2)
            parts.append((mean, variance**0.5))
    top = max(heights)
    weights = [exp(h - top) for h in heights]
    return tuple(Normal(m, s, w / sum(weights)) for (m, s), w in zip(parts, weights, strict=True))


def borrow(
    mine: Own,
    prior: tuple[Normal, ...],
    *,
    vague: Normal = Normal(0.0, 1.0),
    different: float = DIFFERENT,
) -> Borrowed:
    """Return own data alone, literature alone and both together, with the robust prior.

    The literature line is the prior without doubt: what the studies say, not what we fear.

    >>> found = borrow(own(0.0, 0.38), predictive(0.2, 0.13, 0.02))
    >>> round(found.alone.above(0), 2), found.literature.above(0) > found.together.above(0)
    (0.5, True)
    """
    after = posterior(mine, robust(prior, vague=vague, different=different))
    together = Line(after)
    gained = 1 - together.sd**2 / mine.se**2
    return Borrowed(
        alone=Line((Normal(mine.estimate, mine.se),)),
        literature=Line(prior),
        together=together,
        different=after[-1].weight if different > 0 else 0.0,
        borrowed=max(0.0, gained),
    )


def _where(f: Callable[[float], float], p: float, low: float, high: float) -> float:
    """Return x with f(x) = p for an increasing f, by halving until no double lies between."""
    while low < (middle := (low + high) / 2) < high:
        low, high = (middle, high) if f(middle) < p else (low, middle)
    return low
