"""Robust errors and tests from sums, the exact curvature, and the tails they are read from."""

import numpy as np
import pytest

from anello.stats.sem.chi_square import lower, noncentral, normal_tails, upper
from anello.stats.sem.fit import fit
from anello.stats.sem.language.rows import Wish
from anello.stats.sem.language.syntax import parse
from anello.stats.sem.language.table import table
from anello.stats.sem.likelihood.fiml import fiml, pattern_sums
from anello.stats.sem.likelihood.matrices import structure
from anello.stats.sem.likelihood.optimise import Objective
from anello.stats.sem.likelihood.references import given_values, reference, saturated
from anello.stats.sem.likelihood.single import group_sums, single
from anello.stats.sem.likelihood.starts import starts
from anello.stats.sem.likelihood.two_level import ClusterSums, two_level
from anello.stats.sem.likelihood.two_level_missing import cluster_patterns, two_level_missing
from anello.stats.sem.robust import meat

TWO = "level: 1\n fw =~ y1 + y2 + y3\n fw ~ x\nlevel: 2\n fb =~ y1 + y2 + y3\n fb ~ w"
WITHIN = ("y1", "y2", "y3", "x")


def clustered(holes: bool):
    rng = np.random.default_rng(11)
    cluster = np.repeat(np.arange(40), 2 + np.arange(40) % 5)
    n = len(cluster)
    w, x = rng.normal(size=40), rng.normal(size=n)
    f = 0.6 * x + rng.normal(size=n) + (0.7 * w + rng.normal(size=40))[cluster]
    noise = rng.chisquare(3, size=(n, 3)) - 3
    rows = np.column_stack([f[:, None] * [1, 0.8, 0.7] + 0.5 * noise, x])
    if holes:
        rows[:, 1][rng.random(n) < 0.2] = np.nan
        rows[:, 2][rng.random(n) < 0.2] = np.nan
    return rows, w[cluster], cluster


def with_gaps(holes: bool):
    rows, w, cluster = clustered(holes)
    shape = table(parse(TWO), Wish(levels=2))
    every = np.column_stack([rows, w])
    found = cluster_patterns(WITHIN, ("w",), every, cluster, keep=True)
    return shape, two_level_missing(shape, (found,))


def without_gaps():
    rows, w, cluster = clustered(False)
    size = np.bincount(cluster).astype(float)
    means = np.array([np.bincount(cluster, c) for c in rows.T]).T / size[:, None]
    off = rows - means[cluster]
    scatter = np.array([off[cluster == j].T @ off[cluster == j] for j in range(len(size))])
    own = np.array([w[cluster == j][0] for j in range(len(size))])[:, None]
    sums = ClusterSums(WITHIN, ("w",), size, means, own, scatter.sum(0), scatter)
    shape = table(parse(TWO), Wish(levels=2))
    return shape, two_level(shape, (sums,))


def test_clusters_without_gaps_have_the_same_robust_errors_on_both_ways():
    full, gaps = (fit(*pair, "MLR") for pair in (without_gaps(), with_gaps(False)))
    assert full.errors == pytest.approx(gaps.errors, rel=1e-7)
    assert full.fit.chisq_scaled == pytest.approx(gaps.fit.chisq_scaled, rel=1e-7)
    assert full.fit.cfi_robust == pytest.approx(gaps.fit.cfi_robust, rel=1e-7)


def test_the_scores_of_clusters_with_gaps_add_up_to_the_slope_of_the_likelihood():
    shape, sample = with_gaps(True)
    shape = given_values(shape, reference(saturated(shape), sample))
    objective = Objective(structure(shape), sample.cells)
    theta = starts(shape, sample)
    implied = objective.structure.implied(theta)
    from_units = np.zeros(len(theta))
    for group in sample.units or ():
        for cells in group():
            one = Objective(objective.structure, cells)
            from_units += one.gradient(theta)
    assert from_units == pytest.approx(objective.gradient(theta), rel=1e-8, abs=1e-8)
    filling = meat(sample, objective.structure, theta)
    assert np.linalg.eigvalsh(filling)[0] > 0
    assert len(implied) == 2


def test_robust_errors_of_clusters_with_gaps_are_those_of_leaving_out_whole_clusters():
    """The infinitesimal jackknife: what one cluster moves, squared and added up."""
    shape, sample = with_gaps(True)
    found = fit(shape, sample, "MLR")
    assert found.converged
    bread = np.linalg.inv(found.information)
    moved = []
    for group in sample.units or ():
        for cells in group():
            for j in range(len(cells[0].weight)):
                one = tuple(_only(c, j) for c in cells)
                slope = Objective(found.structure, one).gradient(found.theta)
                moved.append(-bread @ slope / 2)
    spread = np.sqrt((np.array(moved) ** 2).sum(0))
    mine = [se for row, se in zip(found.table.rows, found.errors, strict=True) if row.free]
    assert mine == pytest.approx(list(spread), rel=1e-6)


def _only(cells, j: int):
    parts = tuple(type(p)(p.block, p.places, p.factor[j : j + 1], p.take) for p in cells.parts)
    present = None if cells.present is None else cells.present[j : j + 1]
    return type(cells)(
        cells.weight[j : j + 1],
        cells.mean[j : j + 1],
        cells.scatter[j : j + 1],
        parts,
        present,
        cells.located,
    )


def differences(objective: Objective, theta: np.ndarray) -> np.ndarray:
    rows = []
    for i in range(len(theta)):
        move = np.zeros(len(theta))
        move[i] = 1e-4
        rows.append((objective.gradient(theta + move) - objective.gradient(theta - move)) / 2e-4)
    found = np.array(rows)
    return (found + found.T) / 2


@pytest.mark.parametrize("holes", [False, True])
def test_the_curvature_on_two_levels_is_the_slope_of_the_gradient(holes):
    shape, sample = with_gaps(holes)
    shape = given_values(shape, reference(saturated(shape), sample))
    objective = Objective(structure(shape), sample.cells)
    theta = starts(shape, sample) * 1.1
    found = objective.observed(theta, np.full(len(theta), 0.1))
    assert found == pytest.approx(differences(objective, theta), rel=1e-5, abs=1e-4)


def test_the_curvature_with_many_patterns_is_the_slope_of_the_gradient():
    rng = np.random.default_rng(3)
    rows = rng.normal(size=(300, 1)) + rng.normal(size=(300, 5))
    rows[rng.random(rows.shape) < 0.3] = np.nan
    names = tuple("abcde")
    shape = table(parse("f =~ a + b + c\n g =~ d + e\n g ~ f"), Wish(means=True))
    sample = fiml(shape, (pattern_sums(names, rows),))
    objective = Objective(structure(shape), sample.cells)
    theta = starts(shape, sample) * 0.9
    found = objective.observed(theta, np.full(len(theta), 0.1))
    assert found == pytest.approx(differences(objective, theta), rel=1e-5, abs=1e-4)


def test_complete_rows_need_no_correction_for_missing_values():
    rng = np.random.default_rng(5)
    rows = rng.normal(size=(300, 1)) + rng.normal(size=(300, 4)) + 0.3 * rng.normal(size=(300, 1))
    rows[:, 3] += rows[:, 2] * 0.4
    names = tuple("abcd")
    shape = table(parse("f =~ a + b + c + d"), Wish(means=True))
    ways = fiml(shape, (pattern_sums(names, rows, keep=True),))
    plain = single(shape, (group_sums(names, rows, keep=True),))
    ml = fit(shape, fiml(shape, (pattern_sums(names, rows),)))
    assert ml.fit.cfi_robust == pytest.approx(ml.fit.cfi, abs=1e-9)
    assert ml.fit.rmsea_robust == pytest.approx(ml.fit.rmsea, abs=1e-9)
    robust = [fit(shape, sample, "MLR").fit for sample in (ways, plain)]
    assert robust[0].chisq_scaled == pytest.approx(robust[1].chisq_scaled, rel=1e-6)


# R 4.2: pchisq(10,4), pchisq(10,4,ncp=5), pchisq(3.5,2,ncp=40), pchisq(250,180,ncp=33.3,
# lower=FALSE), pchisq(1e-3,3), pchisq(900,700,lower=FALSE), pchisq(300,12,lower=FALSE),
# pchisq(11000,40,ncp=10700), pchisq(20.5,8.37,ncp=6.2)
TAILS = [
    (lower(10, 4), 9.59572318005e-01),
    (noncentral(10, 4, 5), 6.38228859582e-01),
    (noncentral(3.5, 2, 40), 2.18785016387e-06),
    (1 - noncentral(250, 180, 33.3), 5.46550055868e-02),
    (lower(1e-3, 3), 8.40791905805e-06),
    (upper(900, 700), 4.22761674090e-07),
    (upper(300, 12), 4.69595789596e-57),
    (noncentral(11000, 40, 10700), 8.94872467659e-01),
    (noncentral(20.5, 8.37, 6.2), 8.29970986795e-01),
    (normal_tails(-1.0), 3.17310507863e-01),
]


@pytest.mark.parametrize(("ours", "theirs"), TAILS)
def test_tails_are_those_of_r(ours, theirs):
    assert ours == pytest.approx(theirs, rel=1e-10)


def test_a_tail_without_degrees_of_freedom_does_not_exist():
    assert np.isnan(upper(3.0, 0))
    assert np.isnan(noncentral(np.nan, 3, 1))
    assert (upper(0.0, 3), upper(np.inf, 3), noncentral(0.0, 3, 1)) == (1.0, 0.0, 0.0)


def test_the_small_matrices_of_clusters_with_gaps_tell_what_their_long_vectors_tell():
    shape, sample = with_gaps(True)
    shape = given_values(shape, reference(saturated(shape), sample))
    objective = Objective(structure(shape), sample.cells)
    theta = starts(shape, sample)
    long = [Objective(objective.structure, c) for group in sample.units or () for c in group()]
    value = sum(one.value(theta) for one in long)
    assert objective.value(theta) == pytest.approx(value, rel=1e-10)
    expected = sum(one.expected(theta) for one in long)
    assert objective.expected(theta) == pytest.approx(expected, rel=1e-8, abs=1e-8)
