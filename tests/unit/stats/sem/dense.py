"""The likelihood as textbooks write it: every row of a cluster in one big normal vector."""

import numpy as np


def _normal(v: np.ndarray, mu: np.ndarray, cov: np.ndarray) -> float:
    off = v - mu
    return float(
        len(v) * np.log(2 * np.pi) + np.linalg.slogdet(cov)[1] + off @ np.linalg.solve(cov, off)
    )


def one_level(rows: np.ndarray, sigma: np.ndarray, mu: np.ndarray) -> float:
    """Return -2 log L of rows (NaN missing)."""
    total = 0.0
    for row in rows:
        there = ~np.isnan(row)
        total += _normal(row[there], mu[there], sigma[np.ix_(there, there)])
    return total


def two_levels(within, between, y, z, cluster, w, b) -> float:
    """Return -2 log L; `w` and `b` are implied moments of `within` names and `between` names."""
    p = len(within)
    shared = np.zeros((p, p))
    crossed = np.zeros((z.shape[1], p))
    mu = w.mu.copy()
    own = [name for name in between if name not in within]
    above = [i for i, name in enumerate(within) if name in between]
    where = [between.index(within[i]) for i in above]
    zs = [between.index(name) for name in own]
    shared[np.ix_(above, above)] = b.sigma[np.ix_(where, where)]
    mu[above] += b.mu[where]
    crossed[:, above] = b.sigma[np.ix_(zs, where)]
    total = 0.0
    for j in np.unique(cluster):
        rows = y[cluster == j]
        n = len(rows)
        cov = np.kron(np.ones((n, n)), shared) + np.kron(np.eye(n), w.sigma)
        side = np.tile(crossed, (1, n))
        whole = np.block([[b.sigma[np.ix_(zs, zs)], side], [side.T, cov]])
        v = np.concatenate([z[cluster == j][0], rows.ravel()])
        centre = np.concatenate([b.mu[zs], np.tile(mu, n)])
        there = ~np.isnan(v)
        total += _normal(v[there], centre[there], whole[np.ix_(there, there)])
    return total
