"""A published Hunter-Schmidt synthesis: 61 studies of commitment and sales performance."""

import numpy as np
import pytest
from jaramillo import n, r, rxx, ryy

from anello.stats.meta.effect_sizes import correlation
from anello.stats.meta.hunter_schmidt import (
    artefact_distribution,
    bare_bones,
    individually_corrected,
)
from anello.stats.meta.random_effects import pool


def met(found: float, published: float, tolerance: float) -> None:
    assert found == pytest.approx(published, abs=tolerance)
    assert found != pytest.approx(published + 3 * tolerance, abs=tolerance)


def test_61_studies_hold_14169_people():
    assert (len(n), n.sum(), len(r)) == (61, 14_169, 61)
    assert (np.isfinite(rxx).sum(), np.isfinite(ryy).sum()) == (54, 36)


def test_bare_bones_gives_the_published_mean_and_spread():
    found = bare_bones(r, n)
    met(found.r, 0.1729685, 5e-8)
    met(found.var_r, 0.01759621, 5e-9)
    met(found.var_e, 0.004068939, 5e-10)
    met(found.sd_res, 0.1163068, 5e-8)
    met(found.artefactual, 23.1, 0.05)


def test_reported_reliabilities_correct_the_mean_and_narrow_the_spread():
    found = artefact_distribution(r, n, rxx, ryy)
    met(found.attenuation, 0.8578905, 5e-8)
    met(found.rho, 0.2016207, 5e-8)
    met(found.sd_rho, 0.1351937, 5e-8)
    met(found.credible_low, 0.0284, 5e-5)
    met(found.credible_high, 0.3749, 5e-5)


def test_35_studies_are_corrected_each_by_its_own_reliabilities():
    found = individually_corrected(r, n, rxx, ryy)
    assert (found.k, found.n) == (35, 8882)
    met(found.rho, 0.2388215, 5e-8)
    met(found.sd_rho, 0.1540431, 5e-8)


def test_random_effects_on_r_as_published_with_n_in_the_variance():
    found = pool(r, (1 - r**2) ** 2 / n)
    met(found.estimate, 0.1866, 5e-5)
    met(found.se, 0.0195, 5e-5)
    met(found.tau, 0.1320, 5e-5)
    met(found.i2, 81.78, 5e-3)
    met(found.q.statistic, 339.3886, 5e-5)
    assert found.q.df1 == 60


def test_random_effects_on_r_with_n_less_one_are_those_of_metafor():
    """metafor 3.8-1: rma(escalc("COR", ri, ni)), tightened; Q-profile by confint."""
    effects = correlation(r, n)
    found = pool(effects.y, effects.v)
    met(found.estimate, 0.186599064558, 1e-10)
    met(found.se, 0.0194847183287, 1e-10)
    met(found.tau2, 0.0173475534342, 1e-10)
    assert found.se_tau2 is not None
    met(found.se_tau2, 0.00416764026625, 1e-10)
    met(found.i2, 81.6439749603, 1e-7)
    met(found.q.statistic, 337.2206522, 1e-6)
    met(found.tau2_low, 0.0111138636148, 1e-9)
    met(found.tau2_high, 0.0294388933372, 1e-9)
