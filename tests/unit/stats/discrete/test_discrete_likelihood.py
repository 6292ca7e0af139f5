"""The approximated likelihood of counts, and its gradient."""

import numpy as np
import pytest

from anello.stats.discrete.crossed import Crossed
from anello.stats.discrete.families import FAMILIES, Counts
from anello.stats.discrete.problem import Factor, Problem
from anello.stats.discrete.quadrature import Quadrature

UNITS, EACH = 9, 8
ONE = np.array([0])


def problem(kind, width=1, others=0, seed=5):
    """Return a small problem and a point to look at it from."""
    rng = np.random.default_rng(seed)
    index = np.repeat(np.arange(UNITS), EACH)
    n = len(index)
    x = np.column_stack([np.ones(n), rng.normal(size=n)])
    above, below, lower, phi = np.zeros(n), None, None, np.array([0.1, 0.4])
    total = rng.integers(1, 5, n).astype(float)
    counts, upper = Counts(np.floor(total * rng.random(n) + 0.3), total), x
    if kind[0] == "ordinal":
        answer = rng.integers(0, 4, n)
        tops = np.eye(4)[answer]
        upper = np.column_stack([tops[:, :3], -x[:, 1]])
        lower = np.column_stack([tops[:, 1:], -x[:, 1]])
        above, below = np.where(answer == 3, np.inf, 0), np.where(answer == 0, -np.inf, 0)
        counts, phi = Counts(total, total), np.array([-1, 0.2, 1.0, 0.5])
    factors = [Factor(index, UNITS, x[:, :width].copy(), *np.tril_indices(width))]
    theta = [0.7] if width == 1 else [0.7, 0.2, 0.5]
    for k in range(others):
        factors.append(Factor(rng.integers(0, 4, n), 4, np.ones((n, 1)), ONE, ONE))
        theta.append(0.3 + 0.1 * k)
    point = np.concatenate([phi, theta])
    return Problem(FAMILIES[kind], counts, upper, lower, above, below, tuple(factors)), point


def differences(engine, point):
    steps = 1e-5 * np.eye(len(point))
    return np.array(
        [
            (engine.height(point + s, False).value - engine.height(point - s, False).value) / 2e-5
            for s in steps
        ]
    )


@pytest.mark.parametrize("nodes", [1, 5])
@pytest.mark.parametrize("width", [1, 2])
@pytest.mark.parametrize("kind", list(FAMILIES), ids=str)
def test_the_gradient_is_that_of_the_approximated_likelihood(kind, width, nodes):
    posed, point = problem(kind, width)
    engine = Quadrature(posed, nodes)
    found = engine.height(point).gradient
    assert found == pytest.approx(differences(engine, point), rel=1e-6, abs=1e-6)


@pytest.mark.parametrize("kind", list(FAMILIES), ids=str)
def test_the_gradient_holds_with_crossed_groups(kind):
    posed, point = problem(kind, width=2, others=2)
    engine = Crossed(posed)
    found = engine.height(point).gradient
    assert found == pytest.approx(differences(engine, point), rel=1e-6, abs=1e-6)


@pytest.mark.parametrize("kind", list(FAMILIES), ids=str)
def test_a_second_group_without_spread_changes_nothing(kind):
    posed, point = problem(kind, others=1)
    point[-1] = 0
    alone, start = problem(kind)
    assert Crossed(posed).height(point).value == pytest.approx(
        Quadrature(alone, 1).height(start).value, rel=1e-13
    )


@pytest.mark.parametrize("kind", list(FAMILIES), ids=str)
def test_many_nodes_reach_the_integral_summed_over_a_fine_grid(kind):
    posed, point = problem(kind)
    phi, (root,) = posed.split(point)
    a, b = posed.predictors(phi)
    grid, total = np.linspace(-8, 8, 4001), 0.0
    index = posed.factors[0].index
    heights = np.zeros((UNITS, len(grid)))
    for k, u in enumerate(grid):
        e = root[0, 0] * u
        value = posed.family.value(posed.counts, a + e, None if b is None else b + e)
        heights[:, k] = np.bincount(index, value) - 0.5 * u * u - 0.5 * np.log(2 * np.pi)
    top = heights.max(axis=1)
    total = (top + np.log(np.exp(heights - top[:, None]).sum(axis=1) * (grid[1] - grid[0]))).sum()
    assert Quadrature(posed, 25).height(point).value == pytest.approx(total, rel=1e-10)
