"""The likelihood from sums is that of the rows, and its gradient is its slope."""

import numpy as np
import pytest
from dense import one_level, two_levels

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

TWO = "level: 1\n fw =~ y1 + y2 + y3\n fw ~ x\nlevel: 2\n fb =~ y1 + y2 + y3\n fb ~ w\n y2 ~ w"


def clustered(seed: int = 2):
    """Return rows of y1 y2 y3 x, a w per cluster, and clusters of 1 to 6 rows."""
    rng = np.random.default_rng(seed)
    cluster = np.repeat(np.arange(24), 1 + np.arange(24) % 6)
    n = len(cluster)
    w = rng.normal(size=24)
    x = rng.normal(size=n) + 0.4
    f = 0.6 * x + rng.normal(size=n)
    g = (0.7 * w + rng.normal(size=24))[cluster]
    y = np.array([a * f + b * g + rng.normal(size=n) for a, b in ((1, 1), (0.8, 0.6), (0.7, 0.9))])
    return np.column_stack([y.T, x]), w[cluster][:, None], cluster


def sums(y, z, cluster) -> ClusterSums:
    size = np.bincount(cluster).astype(float)
    means = np.array([np.bincount(cluster, c) for c in y.T]).T / size[:, None]
    off = y - means[cluster]
    own = np.array([np.bincount(cluster, c) for c in z.T]).T / size[:, None]
    scatter = np.array([off[cluster == j].T @ off[cluster == j] for j in range(len(size))])
    names = ("y1", "y2", "y3", "x")
    return ClusterSums(names, ("w",), size, means, own, off.T @ off, scatter)


def objective(shape, sample):
    shape = given_values(shape, reference(saturated(shape), sample))
    return Objective(structure(shape), sample.cells), starts(shape, sample)


def check_slope(target: Objective, theta: np.ndarray) -> None:
    g = target.gradient(theta)
    for i in range(len(theta)):
        move = np.zeros(len(theta))
        move[i] = 1e-6
        slope = (target.value(theta + move) - target.value(theta - move)) / 2e-6
        assert g[i] == pytest.approx(slope, rel=1e-5, abs=1e-4)


def test_one_level_with_missing_values_is_the_sum_over_rows():
    rng = np.random.default_rng(4)
    rows = rng.normal(size=(60, 4)) @ rng.normal(size=(4, 4)) + 3
    rows[rng.random(rows.shape) < 0.2] = np.nan
    names = ("a", "b", "c", "d")
    shape = table(parse("f =~ a + b + c + d"), Wish(means=True))
    sample = fiml(shape, (pattern_sums(names, rows),))
    target, theta = objective(shape, sample)
    implied = target.structure.implied(theta)[0]
    rows = rows[~np.isnan(rows).all(1)]
    dense = one_level(rows, implied.sigma, implied.mu)
    assert target.value(theta) + sample.constant == pytest.approx(dense, rel=1e-12)
    check_slope(target, theta)


def test_without_missing_values_both_ways_agree():
    rng = np.random.default_rng(5)
    rows = rng.normal(size=(50, 3)) + rng.normal(size=(50, 1))
    names = ("a", "b", "c")
    shape = table(parse("f =~ a + b + c"), Wish(means=True))
    one = single(shape, (group_sums(names, rows),))
    other = fiml(shape, (pattern_sums(names, rows),))
    theta = objective(shape, one)[1]
    values = [objective(shape, s)[0].value(theta) + s.constant for s in (one, other)]
    assert values[0] == pytest.approx(values[1], rel=1e-12)


def test_two_levels_from_sums_are_the_rows_of_each_cluster():
    y, z, cluster = clustered()
    shape = table(parse(TWO), Wish(levels=2))
    sample = two_level(shape, (sums(y, z, cluster),))
    target, theta = objective(shape, sample)
    w, b = target.structure.implied(theta)
    names = [shape.blocks[1, level].observed for level in (1, 2)]
    order = [("y1", "y2", "y3", "x").index(n) for n in names[0]]
    dense = two_levels(*names, y[:, order], z, cluster, w, b)
    assert target.value(theta) + sample.constant == pytest.approx(dense, rel=1e-12)
    check_slope(target, theta)


def test_two_levels_with_missing_values_are_the_rows_of_each_cluster():
    y, z, cluster = clustered()
    rng = np.random.default_rng(9)
    y[:, :3][rng.random((len(y), 3)) < 0.25] = np.nan
    shape = table(parse(TWO), Wish(levels=2))
    found = cluster_patterns(("y1", "y2", "y3", "x"), ("w",), np.hstack([y, z]), cluster)
    sample = two_level_missing(shape, (found,))
    target, theta = objective(shape, sample)
    w, b = target.structure.implied(theta)
    names = [shape.blocks[1, level].observed for level in (1, 2)]
    order = [("y1", "y2", "y3", "x").index(n) for n in names[0]]
    dense = two_levels(*names, y[:, order], z, cluster, w, b)
    assert target.value(theta) + sample.constant == pytest.approx(dense, rel=1e-12)
    check_slope(target, theta)


def test_the_expected_curvature_is_the_mean_of_the_observed_one_at_the_unrestricted_maximum():
    rng = np.random.default_rng(6)
    rows = rng.normal(size=(80, 3)) + rng.normal(size=(80, 1))
    shape = table(parse("f =~ a + b + c"), Wish(means=True))
    sample = single(shape, (group_sums(("a", "b", "c"), rows),))
    wide = saturated(shape)
    target = Objective(structure(wide), sample.cells)
    theta = reference(wide, sample).theta
    observed = target.observed(theta, np.full(len(theta), 0.1))
    assert observed == pytest.approx(target.expected(theta), rel=1e-5, abs=1e-4)


def test_clusters_may_come_in_any_order_and_in_any_group_of_equal_size():
    y, z, cluster = clustered()
    shape = table(parse(TWO), Wish(levels=2))
    forward = two_level(shape, (sums(y, z, cluster),))
    turned = two_level(shape, (sums(y, z, cluster.max() - cluster),))
    theta = objective(shape, forward)[1]
    values = [objective(shape, s)[0].value(theta) for s in (forward, turned)]
    assert values[0] == pytest.approx(values[1], rel=1e-13)


def test_pulling_back_gives_what_the_derivatives_of_the_moments_give():
    rng = np.random.default_rng(8)
    text = "f =~ a + b + p*c\ng =~ d + e + a\ng ~ p*f\na ~~ d"
    shape = structure(table(parse(text), Wish(means=True)))
    theta = 0.3 * rng.normal(size=shape.k)
    for block in shape.blocks:
        at, p = block.implied(theta), block.observed
        g, h = rng.normal(size=(p, p)), rng.normal(size=p)
        sigma, mu = block.jacobian(at, shape.k)
        slow = np.tensordot(sigma, g + g.T, 2) + mu @ h
        assert block.pulled(at, g + g.T, h, shape.k) == pytest.approx(slow, abs=1e-12)
