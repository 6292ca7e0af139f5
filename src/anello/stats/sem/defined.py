"""Parameters defined from others, such as an indirect effect: estimate, error, two intervals."""

from dataclasses import dataclass

import numpy as np

from .fit import Fitted
from .language.rules import definitions, labels
from .likelihood.matrices import Floats
from .standardise import standardised

DRAWS = 20_000
QUANTILE = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Defined:
    """A defined parameter; `low`/`high` by the delta method, `drawn_low`/`drawn_high` by draws.

    A product of two coefficients is not normal: with few units the drawn interval (Monte Carlo,
    MacKinnon, Lockwood & Williams, 2004) is the better one.
    """

    name: str
    text: str
    estimate: float
    se: float
    low: float
    high: float
    drawn_low: float
    drawn_high: float
    std: float


def defined(found: Fitted, seed: int = 1) -> tuple[Defined, ...]:
    """Return the defined parameters of a fitted model, in the order of its text."""
    rules = definitions(found.table)
    if not rules.names:
        return ()
    values = rules.values(labels(found.table).values(found.theta))
    slopes = rules.slopes(found.theta)
    se = np.full(len(values), np.nan)
    drawn = np.full((2, len(values)), np.nan)
    if found.vcov is not None:
        se = np.sqrt(np.maximum(np.einsum("ij,jk,ik->i", slopes, found.vcov, slopes), 0.0))
        drawn = _drawn(found, seed)
    std = rules.values(_standard_labels(found))
    out = []
    for i, (name, side) in enumerate(zip(rules.names, rules.sides, strict=True)):
        estimate, half = values[name], QUANTILE * se[i]
        out.append(
            Defined(
                name,
                side.text,
                estimate,
                float(se[i]),
                float(estimate - half),
                float(estimate + half),
                float(drawn[0, i]),
                float(drawn[1, i]),
                std[name],
            )
        )
    return tuple(out)


def _standard_labels(found: Fitted) -> dict[str, float]:
    std = standardised(found.table, found.structure, list(found.implied), found.estimates)
    values: dict[str, float] = {}
    for number, (row, value) in enumerate(zip(found.table.rows, std, strict=True), 1):
        for name in (row.label, f".p{number}."):
            values.setdefault(name, value)
    return values


def _drawn(found: Fitted, seed: int) -> Floats:
    """Return the 2.5 and 97.5 % quantiles of the defined parameters over draws of the estimates."""
    assert found.vcov is not None
    rules = definitions(found.table)
    rng = np.random.default_rng(seed)
    used = sorted(
        {i for side in rules.sides for n, i in rules.labels.free.items() if n in side.names}
    )
    theta = np.array(found.theta)
    if not used:
        return np.full((2, len(rules.names)), np.nan)
    cov = found.vcov[np.ix_(used, used)]
    draws = rng.multivariate_normal(theta[used], cov, size=DRAWS, method="eigh")
    thetas = np.tile(theta, (DRAWS, 1))
    thetas[:, used] = draws
    rows = rules.draws(thetas)
    rows[~np.isfinite(rows)] = np.nan
    return np.asarray(np.nanquantile(rows, [0.025, 0.975], axis=1))
