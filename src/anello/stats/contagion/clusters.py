"""Errors of a contagion model: CR2 by sites that share nobody, or by person in a single site."""

from dataclasses import dataclass, replace

import numpy as np

from ..linear.cr2 import cr2
from ..linear.demean import one_way
from ..linear.ols import Regression, ols
from ..linear.student import quantile, two_sided
from ..moments import Floats
from .shifts import Codes

CELLS = 20_000_000


@dataclass(frozen=True, slots=True)
class Slope:
    """One coefficient with its CR2 error; None where no error could be had."""

    term: str
    estimate: float
    se: float | None
    df: float | None
    p: float | None
    low: float | None
    high: float | None


def slope(term: str, at: int, fit: Regression, cluster: Codes | None, alpha: float) -> Slope:
    """Return coefficient `at` with its CR2 error, Satterthwaite df and interval."""
    b = float(fit.b[at])
    if cluster is None or int(cluster.max()) < 1:
        return Slope(term, b, None, None, None, None, None)
    robust = cr2(fit, cluster, np.eye(fit.X.shape[1])[at])
    if not (robust.se > 0 and robust.df > 0):
        return Slope(term, b, None, None, None, None, None)
    half = quantile(1 - alpha / 2, robust.df) * robust.se
    p = two_sided(b / robust.se, robust.df)
    return Slope(term, b, robust.se, robust.df, p, b - half, b + half)


def apart(person: Codes, site: Codes) -> Codes:
    """Return groups of sites that share no person, as codes for the rows.

    A person who works in two sites ties them: their rows are not independent of one another.

    >>> apart(np.array([0, 0, 1, 2]), np.array([0, 1, 1, 2])).tolist()
    [0, 0, 0, 1]
    """
    group = np.arange(int(site.max()) + 1)
    pairs = np.unique(np.column_stack([person, site]), axis=0)
    while True:
        least = np.full(int(person.max()) + 1, len(group))
        np.minimum.at(least, pairs[:, 0], group[pairs[:, 1]])
        new = group.copy()
        np.minimum.at(new, pairs[:, 1], least[pairs[:, 0]])
        if np.array_equal(new, group):
            return np.unique(group[site], return_inverse=True)[1].reshape(-1).astype(np.int64)
        group = new


def thin(fit: Regression, cluster: Codes) -> tuple[Regression, Codes]:
    """Return a regression with at most p rows a cluster that has the same CR2 error.

    A_j acts only inside the span of X_j, so rows may be turned onto an orthonormal basis of it.
    """
    p = fit.X.shape[1]
    X, e, of = [], [], []
    order = np.argsort(cluster, kind="stable")
    for j, rows in enumerate(np.split(order, np.cumsum(np.bincount(cluster))[:-1])):
        if len(rows) <= p:
            X.append(fit.X[rows])
            e.append(fit.e[rows])
        else:
            Q, R = np.linalg.qr(fit.X[rows])
            X.append(R)
            e.append(Q.T @ fit.e[rows])
        of.append(np.full(len(X[-1]), j))
    small = replace(fit, X=np.concatenate(X), e=np.concatenate(e))
    return small, np.concatenate(of).astype(np.int64)


def by_person(X: Floats, y: Floats, person: Codes, day: Codes) -> Regression | None:
    """Return the fit with site-days as columns and persons out, as CR2 by person asks.

    None when that would take too many columns.
    """
    days = int(day.max()) + 1
    if len(y) * days > CELLS:
        return None
    dummies = (day[:, None] == np.arange(1, days)).astype(float)
    out = one_way(np.column_stack([X, dummies, y]), person)
    return ols(out[:, :-1], out[:, -1], int(person.max()) + 1)
