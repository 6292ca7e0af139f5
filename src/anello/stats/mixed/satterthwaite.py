"""Degrees of freedom for single effects of a mixed model.

After Kuznetsova, Brockhoff & Christensen (2017), J. Stat. Softw. 82(13), section 2: with V(theta,
sigma) the covariance matrix of the fixed effects, A twice the inverse Hessian of -2 log L by
(theta, sigma), and g the gradient of c'Vc,

    df = 2 (c'Vc)^2 / (g' A g).
"""

from typing import Protocol

import numpy as np

from ..moments import Floats
from .lmm_optimise import Best

FLAT = 1e-8


class HasFreedom(Protocol):
    """What is known of the data here: n - p under REML, else n."""

    @property
    def freedom(self) -> int:
        """Return the denominator of the profiled residual variance."""


def degrees(sums: HasFreedom, best: Best, contrasts: Floats) -> Floats:
    """Return the df of each row of `contrasts` (c x p).

    Directions in which the likelihood is flat or curves down are left out, as lmerTest does; a
    varying effect estimated at zero then adds no uncertainty, which makes df rather high.
    """
    v, jacobian = covariance(sums, best)
    a = _spread(sums, best)
    variance = np.einsum("ca,ab,cb->c", contrasts, v, contrasts)
    g = np.einsum("ca,mab,cb->cm", contrasts, jacobian, contrasts)
    found: Floats = 2 * variance**2 / np.einsum("cm,mk,ck->c", g, a, g)
    return found


def covariance(sums: HasFreedom, best: Best) -> tuple[Floats, Floats]:
    """Return V (p x p) and its derivatives by theta and sigma ((m + 1) x p x p)."""
    at = best.point
    sigma = np.sqrt(at.rss / sums.freedom)
    inverse = np.linalg.inv(at.r @ at.r.T)
    by_theta = -(sigma**2) * inverse @ at.d_xvx @ inverse
    return sigma**2 * inverse, np.concatenate([by_theta, (2 * sigma * inverse)[None]])


def _spread(sums: HasFreedom, best: Best) -> Floats:
    """Return the covariance matrix of (theta, sigma), from the unprofiled deviance.

    With f = n - p (REML) or n, the unprofiled deviance is logdet(theta) + 2 f log sigma +
    rss(theta) / sigma^2; profiling sigma out subtracts the outer product that is added back here.
    """
    at, f = best.point, sums.freedom
    sigma = np.sqrt(at.rss / f)
    cross = -2 / sigma**3 * at.d_rss
    corner = 4 * f / sigma**2
    whole = np.block(
        [
            [best.hessian + np.outer(cross, cross) / corner, cross[:, None]],
            [cross[None], np.array([[corner]])],
        ]
    )
    values, vectors = np.linalg.eigh(whole)
    kept = values > FLAT
    found: Floats = 2 * (vectors[:, kept] / values[kept]) @ vectors[:, kept].T
    return found
