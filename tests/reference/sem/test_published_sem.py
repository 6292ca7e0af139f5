"""Published numbers of structural models, fitted from stored sums: no row is in the repository."""

import json
from pathlib import Path

import numpy as np
import pytest
from make_sem_moments import DEMO, DEMOCRACY

from anello.stats.sem.fit import fit
from anello.stats.sem.language.rows import Wish
from anello.stats.sem.language.syntax import parse
from anello.stats.sem.language.table import table
from anello.stats.sem.likelihood.single import GroupSums, single
from anello.stats.sem.likelihood.two_level import ClusterSums, two_level

STORED = json.loads((Path(__file__).parent / "moments.json").read_text())


@pytest.fixture(scope="module")
def democracy():
    kept = STORED["democracy"]
    shape = table(parse(DEMOCRACY), Wish())
    sums = GroupSums(tuple(kept["names"]), kept["n"], np.array(kept["mean"]), np.array(kept["cov"]))
    return fit(shape, single(shape, (sums,)))


def demo(random_x: bool):
    kept = STORED["demo"]
    shape = table(parse(DEMO), Wish(levels=2, random_x=random_x))
    arrays = (np.array(kept[k]) for k in ("sizes", "means", "own", "pooled"))
    sums = ClusterSums(tuple(kept["within"]), tuple(kept["between"]), *arrays)
    return fit(shape, two_level(shape, (sums,)))


def estimates(fitted, level=1):
    rows = zip(fitted.table.rows, fitted.estimates, fitted.errors, strict=True)
    return {row.name: (estimate, se) for row, estimate, se in rows if row.level == level}


def test_political_democracy_fits_as_published(democracy):
    assert democracy.fit.chisq == pytest.approx(38.125, abs=5e-4)
    assert democracy.fit.df == 35
    assert democracy.fit.cfi == pytest.approx(0.995, abs=5e-4)
    assert democracy.fit.rmsea == pytest.approx(0.035, abs=6e-4)


def test_political_democracy_has_the_published_paths(democracy):
    found = estimates(democracy)
    assert found["dem60 ~ ind60"][0] == pytest.approx(1.483, abs=5e-4)
    assert found["dem65 ~ ind60"][0] == pytest.approx(0.572, abs=5e-4)
    assert found["dem65 ~ dem60"][0] == pytest.approx(0.837, abs=5e-4)


def test_the_two_level_example_fits_as_published():
    fitted = demo(random_x=False)
    assert fitted.converged
    assert (fitted.fit.npar, fitted.fit.df) == (20, 10)
    assert fitted.fit.chisq == pytest.approx(8.092, abs=5e-4)
    assert fitted.fit.pvalue == pytest.approx(0.620, abs=5e-4)
    assert fitted.fit.loglik == pytest.approx(-12076.566, abs=5e-4)


def test_the_two_level_example_has_the_published_estimates():
    fitted = demo(random_x=False)
    within, between = estimates(fitted), estimates(fitted, 2)
    assert within["fw =~ y2"][0] == pytest.approx(0.774, abs=5e-4)
    assert within["fw =~ y3"][0] == pytest.approx(0.734, abs=5e-4)
    for name, value in (("x1", 0.510), ("x2", 0.407), ("x3", 0.205)):
        assert within[f"fw ~ {name}"][0] == pytest.approx(value, abs=5e-4)
    assert between["fb =~ y2"][0] == pytest.approx(0.717, abs=5e-4)
    assert between["fb =~ y3"][0] == pytest.approx(0.587, abs=5e-4)
    assert between["fb ~ w1"] == pytest.approx((0.165, 0.079), abs=6e-4)
    assert between["fb ~ w2"] == pytest.approx((0.131, 0.076), abs=6e-4)


def test_random_covariates_give_the_joint_log_likelihood():
    joint = demo(random_x=True)
    assert joint.fit.loglik == pytest.approx(-23309.87, abs=5e-3)
    assert joint.fit.chisq == pytest.approx(8.092, abs=5e-4)
