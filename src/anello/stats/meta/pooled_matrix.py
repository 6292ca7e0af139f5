"""A chain of links from a pooled correlation matrix: meta-analytic path models in two steps.

Step 1 pools each correlation over the studies that report it, weighted by n. Step 2 fits a
recursive path model to the pooled matrix as if it came from one sample of the harmonic mean size
(Viswesvaran & Ones 1995). The careful reader's doubts: cells come from different studies, a chain
of them may exist nowhere; differences between studies are averaged away; a correlation matrix is
treated as covariances, so standard errors are approximate (Cheung & Chan 2005). Cells with fewer
than five studies are named in `thin`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import chdtrc, ndtr, ndtri

from anello.model.errors import ModelError

from .effect_sizes import correlation

Array = NDArray[np.float64]
FEWEST_STUDIES = 5


@dataclass(frozen=True, slots=True, eq=False)
class PooledMatrix:
    """Pooled correlations `r` (p, p), studies `k` (p, p) and people `n` (p, p) behind each cell.

    The diagonals of `k` and `n` are 0 and mean nothing.
    """

    names: tuple[str, ...]
    r: Array
    k: NDArray[np.int64]
    n: Array

    @property
    def harmonic_n(self) -> float:
        """Return the harmonic mean of the cells' sample sizes."""
        cells = self.n[np.triu_indices(len(self.names), 1)]
        return float(len(cells) / (1 / cells).sum())

    @property
    def thin(self) -> tuple[tuple[str, str], ...]:
        """Return the pairs that rest on fewer than five studies."""
        pairs = combinations(range(len(self.names)), 2)
        return tuple(
            (self.names[i], self.names[j]) for i, j in pairs if self.k[i, j] < FEWEST_STUDIES
        )


@dataclass(frozen=True, slots=True)
class Path:
    """One standardised effect of `source` on `target`; the normal 95 % interval is approximate."""

    target: str
    source: str
    estimate: float
    se: float
    p: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, eq=False)
class PathModel:
    """A fitted chain: direct `paths`, `indirect` and `totals`, and how well the matrix is met.

    `df` 0 means that nothing was left to test: `cfi` 1 and `srmr` 0 are then no praise.
    """

    paths: tuple[Path, ...]
    indirect: tuple[Path, ...]
    totals: tuple[Path, ...]
    r2: dict[str, float]
    n: float
    chisq: float
    df: int
    p: float
    cfi: float
    rmsea: float
    srmr: float


def pool_matrix(
    names: Sequence[str],
    first: Sequence[str],
    second: Sequence[str],
    r: ArrayLike,
    n: ArrayLike,
) -> PooledMatrix:
    """Pool rows (first variable, second variable, r, n), one per study and pair.

    Raises `ModelError` for a pair that no study reports and for a matrix that no set of variables
    could have (not positive definite), which pooling pair by pair can produce.

    >>> float(pool_matrix(["a", "b"], ["a", "b"], ["b", "a"], [0.2, 0.4], [100, 300]).r[0, 1])
    0.35
    """
    r_, n_ = correlation(r, n).y, np.asarray(n, dtype=float)
    at = {name: i for i, name in enumerate(names)}
    size = len(names)
    k, people, sums = np.zeros((size, size), int), np.zeros((size, size)), np.zeros((size, size))
    for a, b, value, weight in zip(first, second, r_, n_, strict=True):
        for i, j in ((at[a], at[b]), (at[b], at[a])):
            k[i, j] += 1
            people[i, j] += weight
            sums[i, j] += weight * value
    for i, j in combinations(range(size), 2):
        if k[i, j] == 0:
            raise ModelError(
                "No study reports {first} with {second}; the chain cannot be closed.",
                first=names[i],
                second=names[j],
            )
    pooled = np.divide(sums, people, out=np.eye(size), where=people > 0)
    return PooledMatrix(tuple(names), _proper(pooled), k, people)


def _proper(r: Array) -> Array:
    if np.linalg.eigvalsh(r)[0] <= 1e-10:
        raise ModelError(
            "These correlations cannot belong together (the matrix is not positive definite): they "
            "come from different studies. Leave out a variable or a thin cell."
        )
    return r


def path_model(
    matrix: PooledMatrix, chain: Mapping[str, Sequence[str]], n: float | None = None
) -> PathModel:
    """Fit a recursive path model by maximum likelihood; `chain` is target -> its sources.

    Residuals are taken as uncorrelated, so ML is one regression per target. `n` is the harmonic
    mean unless given. Chi-squared is n times the discrepancy. Raises `ModelError` for a variable
    that is not in the matrix and for a chain that bites its own tail.

    >>> m = pool_matrix(["a", "b"], ["a"], ["b"], [0.35], [400])
    >>> round(path_model(m, {"b": ["a"]}).paths[0].estimate, 6)
    0.35
    """
    n_ = matrix.harmonic_n if n is None else n
    order = _ordered(matrix.names, chain)
    b, spread, psi = _equations(matrix, chain, order, n_)
    total = np.linalg.inv(np.eye(len(b)) - b)
    implied = total @ psi @ total.T
    chisq = n_ * _discrepancy(matrix.r, implied)
    outside = [i for i, name in enumerate(matrix.names) if name not in chain]
    inside = [i for i in range(len(b)) if i not in outside]
    pairs = len(b) * (len(b) - 1) // 2 - len(outside) * (len(outside) - 1) // 2
    df = pairs - sum(len(sources) for sources in chain.values())
    null = np.eye(len(b))
    null[np.ix_(outside, outside)] = matrix.r[np.ix_(outside, outside)]
    worst = max(n_ * _discrepancy(matrix.r, null) - pairs, chisq - df, 0.0)
    lower = np.tril_indices(len(b))
    return PathModel(
        paths=_paths(matrix.names, b, _spreads(b, spread, "direct"), b != 0),
        indirect=_paths(matrix.names, total - np.eye(len(b)) - b, *_effects(b, spread, "indirect")),
        totals=_paths(matrix.names, total - np.eye(len(b)), *_effects(b, spread, "total")),
        r2={matrix.names[i]: float(1 - psi[i, i]) for i in inside},
        n=n_,
        chisq=chisq,
        df=df,
        p=float(chdtrc(df, chisq)) if df else 1.0,
        cfi=1 - max(chisq - df, 0.0) / worst if worst > 0 else 1.0,
        rmsea=(max(chisq - df, 0.0) / (df * n_)) ** 0.5 if df else 0.0,
        srmr=float(np.sqrt(np.mean((matrix.r - implied)[lower] ** 2))),
    )


def _ordered(names: Sequence[str], chain: Mapping[str, Sequence[str]]) -> list[str]:
    """Return the targets so that each comes after its sources."""
    for name in (*chain, *(s for sources in chain.values() for s in sources)):
        if name not in names:
            raise ModelError(
                "{name!r} is not in the pooled matrix, which holds {names}.",
                name=name,
                names=", ".join(names),
            )
    left, found = dict(chain), list[str]()
    while left:
        ready = [t for t, sources in left.items() if not set(sources) & set(left)]
        if not ready:
            raise ModelError(
                "The chain runs in a circle through {names}; this model needs a direction.",
                names=", ".join(left),
            )
        found += ready
        left = {t: s for t, s in left.items() if t not in ready}
    return found


def _equations(
    matrix: PooledMatrix, chain: Mapping[str, Sequence[str]], order: Sequence[str], n: float
) -> tuple[Array, dict[int, tuple[list[int], Array]], Array]:
    """Return B, each equation's covariance of estimates, and the residual covariances."""
    at = {name: i for i, name in enumerate(matrix.names)}
    b, psi = np.zeros_like(matrix.r), matrix.r.copy()
    spread: dict[int, tuple[list[int], Array]] = {}
    for target in order:
        i, js = at[target], [at[s] for s in chain[target]]
        inverse = np.linalg.inv(matrix.r[np.ix_(js, js)])
        b[i, js] = inverse @ matrix.r[js, i]
        psi[i, :] = psi[:, i] = 0.0
        psi[i, i] = 1 - b[i, js] @ matrix.r[js, i]
        spread[i] = (js, psi[i, i] * inverse / n)
    return b, spread, psi


def _discrepancy(s: Array, sigma: Array) -> float:
    ratio = np.linalg.solve(sigma, s)
    return float(np.trace(ratio) - np.linalg.slogdet(ratio)[1] - len(s))


Spread = dict[int, tuple[list[int], Array]]


def _effect(b: Array, kind: str) -> Array:
    total = np.linalg.inv(np.eye(len(b)) - b) - np.eye(len(b))
    return b if kind == "direct" else total if kind == "total" else total - b


def _spreads(b: Array, spread: Spread, kind: str) -> Array:
    """Return standard errors of the effects by the delta method; equations are independent."""
    square = np.zeros_like(b)
    for i, (js, cov) in spread.items():
        slopes = []
        for j in js:
            step = np.zeros_like(b)
            step[i, j] = 1e-6
            slopes.append((_effect(b + step, kind) - _effect(b - step, kind)) / 2e-6)
        square += np.einsum("aij,ab,bij->ij", np.array(slopes), cov, np.array(slopes))
    return np.sqrt(square)


def _effects(b: Array, spread: Spread, kind: str) -> tuple[Array, NDArray[np.bool_]]:
    reached = np.asarray(_effect((b != 0).astype(float), kind) != 0)
    return _spreads(b, spread, kind), reached


def _paths(
    names: Sequence[str], values: Array, se: Array, kept: NDArray[np.bool_]
) -> tuple[Path, ...]:
    z = float(ndtri(0.975))
    found = []
    for i, j in np.argwhere(kept):
        b, s = float(values[i, j]), float(se[i, j])
        p = 2 * float(ndtr(-abs(b) / s)) if s > 0 else float(b == 0)
        found.append(Path(names[i], names[j], b, s, p, b - z * s, b + z * s))
    return tuple(found)
