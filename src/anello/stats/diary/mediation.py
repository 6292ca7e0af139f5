"""1-1-1 mediation: how x goes over m to y inside a person, with every part shown apart.

With slopes that vary by person the average indirect effect is a b + cov(a, b): people in whom x
moves m more may also be those in whom m moves y more (or less), which no product of averages shows
(Kenny, Korchmaros & Bolger, 2003; Bauer, Preacher & Gil, 2006, eq. 9). The total is that plus c'.
"""

from dataclasses import dataclass

import numpy as np

from anello.model.errors import ModelError

from ..moments import Floats
from .rows import Codes, means
from .stacked import FIXED, Solved, Stacked, solve, spread_of_covariance, stacked
from .sums import Effect, effect

DRAWS = 20_000


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the effect with 95 % limits of a Monte Carlo, and of a bootstrap if asked."""

    name: str
    estimate: float
    se: float
    low: float
    high: float
    boot_low: float | None = None
    boot_high: float | None = None


@dataclass(frozen=True, eq=False)
class Mediation:
    """The fitted mediation.

    `paths` are a, b and c' inside persons, `between` the same of person means, each person once, by
    least squares (empty where means do not differ). `parts` are the product a b, cov(a, b),
    indirect, direct and total inside persons, and the product of the paths between. `names` and `g`
    are what varies by person (d_M, a, d_Y, b, c with random slopes).
    """

    method: str
    slopes: str
    paths: tuple[Effect, ...]
    between: tuple[Effect, ...]
    parts: tuple[Part, ...]
    names: tuple[str, ...]
    g: Floats
    residual_m: float
    residual_y: float
    loglik: float
    draws: int
    bootstraps: int
    failed: int
    n: int
    persons: int
    converged: bool
    singular: bool

    def part(self, name: str) -> Part:
        """Return the part called `name`."""
        return next(p for p in self.parts if p.name == name)


@dataclass(frozen=True, slots=True)
class Asked:
    """How to fit: slopes, REML, draws of the Monte Carlo, bootstraps of persons, seed."""

    random: bool = True
    reml: bool = True
    draws: int = DRAWS
    bootstraps: int = 0
    seed: int = 1


def mediation(person: Codes, x: Floats, m: Floats, y: Floats, asked: Asked) -> Mediation:
    """Fit the model to complete rows; raises `ModelError` when they cannot carry it.

    The Monte Carlo draws a, b, c' from their joint normal distribution and cov(a, b) beside them
    from its own, as maximum likelihood estimates of means and covariances are independent in large
    samples. The bootstrap draws persons, whole.
    """
    _check(person, (("x", x), ("m", m), ("y", y)), asked.random)
    data = stacked(person, x, m, y)
    found = solve(data, asked.random, asked.reml)
    up = means(person, np.column_stack([x, m, y]))
    between = _between(up)
    values = _figures(data, found, asked.random, between)
    drawn = _monte_carlo(data, found, asked, between)
    redrawn, failed = _bootstrap(data, found, asked, up)
    parts = tuple(_part(name, values[name], drawn[name], redrawn.get(name)) for name in values)
    sx, sm, sy = data.scale
    varying = FIXED if asked.random else ("d_M", "d_Y")
    unit = np.array([_units(name, sx, sm, sy) for name in varying])
    return Mediation(
        method="REML" if asked.reml else "ML",
        slopes="random" if asked.random else "fixed",
        paths=_paths(data, found),
        between=between,
        parts=parts,
        names=varying,
        g=found.mixed.g * np.outer(unit, unit),
        residual_m=found.mixed.sigma2 * found.ratio**2 * sm**2,
        residual_y=found.mixed.sigma2 * sy**2,
        loglik=-_deviance(data, found, asked.reml) / 2,
        draws=asked.draws,
        bootstraps=asked.bootstraps,
        failed=failed,
        n=data.n,
        persons=data.persons,
        converged=found.mixed.best.converged,
        singular=found.mixed.best.singular,
    )


def _check(person: Codes, columns: tuple[tuple[str, Floats], ...], random: bool) -> None:
    persons, n = int(person.max(initial=-1)) + 1, len(person)
    if persons < 2:
        raise ModelError("There is a single person; differences between people need at least two.")
    for name, v in columns:
        usual = (np.bincount(person, weights=v) / np.bincount(person))[person]
        if float(np.abs(v - usual).max()) <= 1e-9 * max(float(np.abs(v).max()), 1e-300):
            raise ModelError(
                "{term} never changes inside a person, so nothing can be said of an effect inside.",
                term=name,
            )
    if (random and persons < 6) or n <= persons * 2:
        raise ModelError(
            "{rows} rows of {persons} people are too few for {effects} effects that vary from "
            "person to person; hold the slopes fixed.",
            rows=n,
            persons=persons,
            effects=5 if random else 2,
        )


def _units(name: str, sx: float, sm: float, sy: float) -> float:
    """Return what turns a coefficient in SDs into the units of the data."""
    return {"d_M": sm, "d_Y": sy, "a": sm / sx, "b": sy / sm, "c": sy / sx}[name]


def _paths(data: Stacked, found: Solved) -> tuple[Effect, ...]:
    def path(name: str) -> Effect:
        weights = np.zeros(len(FIXED))
        weights[FIXED.index(name)] = _units(name, *data.scale)
        return found.mixed.contrast(name, weights)

    return path("a"), path("b"), path("c")


def _between(up: Floats) -> tuple[Effect, ...]:
    """Return a, b and c of person means (J x 3: x, m, y), or nothing when they cannot be told."""
    x, m, y = (up - up.mean(axis=0)).T
    try:
        left, right = _least_squares(x[:, None], m), _least_squares(np.column_stack([m, x]), y)
    except np.linalg.LinAlgError:
        return ()
    if not left or not right:
        return ()
    found = zip(("a", "b", "c"), (*left, *right), strict=True)
    return tuple(effect(name, b, se, df) for name, (b, se, df) in found)


def _least_squares(x: Floats, y: Floats) -> list[tuple[float, float, float]]:
    """Return slope, standard error and df of each centred column."""
    n, p = x.shape
    df = n - p - 1
    size = np.abs(x).max(axis=0)
    if df < 1 or np.linalg.matrix_rank(x / np.where(size > 0, size, 1.0), tol=1e-8) < p:
        return []
    inverse = np.linalg.inv(x.T @ x)
    beta = inverse @ x.T @ y
    sigma2 = float(((y - x @ beta) ** 2).sum()) / df
    se = np.sqrt(sigma2 * np.diag(inverse))
    return [(float(b), float(s), float(df)) for b, s in zip(beta, se, strict=True)]


def _figures(
    data: Stacked, found: Solved, random: bool, between: tuple[Effect, ...]
) -> dict[str, float]:
    at = dict(zip(FIXED, found.mixed.beta, strict=True))
    cov = float(found.mixed.g[1, 3]) if random else 0.0
    values = {k: float(v) for k, v in _combined(data, at, cov, random).items()}
    if between:
        values["indirect between"] = between[0].estimate * between[1].estimate
    return values


def _combined(
    data: Stacked, at: dict[str, Floats], cov: Floats | float, random: bool
) -> dict[str, Floats]:
    """Return every part in units of y for one unit of x."""
    unit = data.scale[2] / data.scale[0]
    product, direct = at["a"] * at["b"] * unit, at["c"] * unit
    parts: dict[str, Floats] = {"a*b": product}
    indirect = product
    if random:
        parts["cov(a,b)"] = np.asarray(cov) * unit
        indirect = product + parts["cov(a,b)"]
    return parts | {"indirect": indirect, "direct": direct, "total": indirect + direct}


def _monte_carlo(
    data: Stacked, found: Solved, asked: Asked, between: tuple[Effect, ...]
) -> dict[str, Floats]:
    rng = np.random.default_rng(asked.seed)
    beta, v = found.mixed.beta, found.mixed.vcov
    values, vectors = np.linalg.eigh((v + v.T) / 2)
    root = vectors * np.sqrt(np.maximum(values, 0.0))
    drawn = beta + rng.standard_normal((asked.draws, len(beta))) @ root.T
    cov: Floats | float = 0.0
    if asked.random:
        se = spread_of_covariance(data, found, asked.reml)
        cov = found.mixed.g[1, 3] + se * rng.standard_normal(asked.draws)
    made = _combined(data, dict(zip(FIXED, drawn.T, strict=True)), cov, asked.random)
    if between:
        a, b = (e.estimate + e.se * rng.standard_normal(asked.draws) for e in between[:2])
        made["indirect between"] = a * b
    return made


def _bootstrap(
    data: Stacked, found: Solved, asked: Asked, up: Floats
) -> tuple[dict[str, Floats], int]:
    """Refit to persons drawn with replacement, r held; return what was drawn, and failures."""
    rng = np.random.default_rng([asked.seed, 1])
    rows: list[dict[str, float]] = []
    failed = 0
    for _ in range(asked.bootstraps):
        index = rng.integers(0, data.persons, data.persons)
        again = data.drawn(index)
        try:
            fitted = solve(again, asked.random, asked.reml, found.ratio)
            rows.append(_figures(again, fitted, asked.random, _between(up[index])))
        except (ModelError, np.linalg.LinAlgError):
            failed += 1
    if len(rows) < 2:
        return {}, failed
    names = [name for name in rows[0] if all(name in row for row in rows)]
    return {name: np.array([row[name] for row in rows]) for name in names}, failed


def _part(name: str, estimate: float, drawn: Floats, redrawn: Floats | None) -> Part:
    low, high = (float(q) for q in np.quantile(drawn, (0.025, 0.975)))
    if redrawn is None:
        return Part(name, estimate, float(drawn.std(ddof=1)), low, high)
    ends = tuple(float(q) for q in np.quantile(redrawn, (0.025, 0.975)))
    return Part(name, estimate, float(drawn.std(ddof=1)), low, high, *ends)


def _deviance(data: Stacked, found: Solved, reml: bool) -> float:
    """Return -2 log L in the units of the data; under REML its determinant is turned back too."""
    sx, sm, sy = data.scale
    found_there = found.deviance + 2 * data.n * float(np.log(sm) + np.log(sy))
    if not reml:
        return found_there
    turned = [_units(name, sx, sm, sy) for name in FIXED]
    return found_there - 2 * float(np.log(turned).sum())
