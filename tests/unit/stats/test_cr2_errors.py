"""Robust errors against the paper's own matrices."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anello.stats.linear.cr2 import cr2
from anello.stats.linear.ols import ols

SEEDS = st.integers(0, 2**32 - 1)


def design(seed, n=20):
    rng = np.random.default_rng(seed)
    X = np.column_stack([np.ones(n), rng.normal(size=(n, 2))])
    return X, X @ [1.0, 0.5, -0.3] + rng.normal(size=n), rng


def first_principles(X, y, cluster, c):
    """Return CR2 and its degrees of freedom as the paper writes them, with J x J matrices."""
    n = len(y)
    M = np.linalg.inv(X.T @ X)
    I_H = np.eye(n) - X @ M @ X.T
    G, variance = [], 0.0
    for j in np.unique(cluster):
        rows = np.nonzero(cluster == j)[0]
        w, Q = np.linalg.eigh(I_H[np.ix_(rows, rows)])
        a = Q @ np.diag(1 / np.sqrt(w)) @ Q.T @ X[rows] @ M @ c
        variance += float(a @ (I_H @ y)[rows]) ** 2
        G.append(I_H[:, rows] @ a)
    P = np.array(G) @ np.array(G).T
    return np.sqrt(variance), np.trace(P) ** 2 / np.sum(P**2)


@given(SEEDS)
def test_cr2_is_what_the_paper_says(seed):
    X, y, rng = design(seed)
    cluster = np.unique(rng.integers(0, 7, size=len(y)), return_inverse=True)[1]
    c = np.array([0.0, 1.0, 0.0])
    found = cr2(ols(X, y), cluster, c)
    assert (found.se, found.df) == pytest.approx(first_principles(X, y, cluster, c), rel=1e-6)


@given(SEEDS)
def test_the_order_of_rows_does_not_matter(seed):
    X, y, rng = design(seed)
    cluster = np.arange(len(y)) // 4
    shuffled = rng.permutation(len(y))
    c = np.array([0.0, 0.0, 1.0])
    one = cr2(ols(X, y), cluster, c)
    other = cr2(ols(X[shuffled], y[shuffled]), cluster[shuffled], c)
    assert (other.se, other.df) == pytest.approx((one.se, one.df))


def test_equal_clusters_of_a_mean_have_one_degree_less_than_clusters():
    X, y = np.ones((12, 1)), np.arange(12.0) % 5
    assert cr2(ols(X, y), np.arange(12) // 2, np.ones(1)).df == pytest.approx(5)
