"""One pair of measures over time, fitted by maximum likelihood: RI-CLPM and those beside it."""

from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from anello.model.errors import ModelError
from anello.stats.sem.indices import Fit
from anello.stats.sem.language.rows import Wish
from anello.stats.sem.language.syntax import parse
from anello.stats.sem.language.table import Table, table
from anello.stats.sem.likelihood.fiml import fiml, pattern_sums
from anello.stats.sem.likelihood.matrices import Implied, structure
from anello.stats.sem.likelihood.single import group_sums, single
from anello.stats.sem.panel_models import clpm, dynamic_panel, riclpm

from ..structural import Solved, solved

Array = NDArray[np.float64]

PER_PARAMETER = 3
PER_VARIABLE = 5
STAYS = 0.3
MODELS = {"riclpm": riclpm, "clpm": clpm, "dynamic_panel": dynamic_panel}


@dataclass(frozen=True)
class LoopFit:
    """Lags of a pair x, y that are the same in every wave.

    `lags` are (x to y, y to x) with covariance `cov` (2 x 2); `sd` are the SDs of (x, y) around
    what is stable, by the model, over all waves. `stable` is (variance of x, of y, correlation),
    None in a CLPM. `stays` are the autoregressions, `together` the correlation of what is new in
    the same wave. `npar` counts parameters beside the wave means. `faults` are codes of the room
    `stats.sem`; `fit` is None where the units are too few to judge it.
    """

    lags: tuple[float, float]
    cov: Array
    sd: tuple[float, float]
    stable: tuple[float, float, float] | None
    stays: tuple[float, float]
    together: float
    npar: int
    converged: bool
    faults: tuple[tuple[str, str], ...]
    fit: Fit | None

    @property
    def se(self) -> tuple[float, float]:
        """Return the standard errors of the two lags."""
        return sqrt(max(self.cov[0, 0], 0.0)), sqrt(max(self.cov[1, 1], 0.0))

    @property
    def scale(self) -> float:
        """Return SD(x) / SD(y): what turns the lag from x to y into a standardised one."""
        return self.sd[0] / self.sd[1]


@dataclass(frozen=True)
class Begin:
    """Where a search begins: lags ((x to x, y to x), (x to y, y to y)), covariance of the new."""

    lags: Array
    new: Array


def parameters(waves: int, shared: bool) -> int:
    """Return how many parameters an RI-CLPM of equal lags has beside its wave means.

    Three of what is stable, three of the first wave, four lags; variances and covariance of what
    is new, in every further wave or once for all.

    >>> parameters(5, shared=False), parameters(5, shared=True)
    (22, 13)
    """
    return 10 + 3 * (1 if shared else waves - 1)


def shares(units: int, waves: int) -> bool:
    """Return whether all waves share variances: with fewer than 3 units for each parameter."""
    return units < PER_PARAMETER * parameters(waves, shared=False)


def fitted(x: Array, y: Array, kind: str, *, compare: bool = False) -> LoopFit:
    """Return the fit of units x waves figures (NaN missing): `riclpm`, `clpm`, `dynamic_panel`.

    Missing figures are handled by full information maximum likelihood: no unit is dropped that
    has a single figure. `compare` adds the fit indices where the units allow them: with fewer
    than 5 units for each column the unrestricted model is mere chance. Raises `ModelError` where
    two columns were never seen in the same unit, or one does not vary.
    """
    sd = _size(x), _size(y)
    x, y = (x - np.nanmean(x, axis=0)) / sd[0], (y - np.nanmean(y, axis=0)) / sd[1]
    waves = x.shape[1]
    names = tuple(f"{side}{t}" for side in "xy" for t in range(1, waves + 1))
    rows = np.hstack([x, y])
    shared = shares(len(x), waves)
    text = _text(names[:waves], names[waves:], kind, _begin(x, y, kind), shared)
    found = table(parse(text), Wish("lavaan", means=True))
    whole = not np.isnan(rows).any()
    sample = (
        single(found, (group_sums(names, rows),))
        if whole
        else fiml(found, (pattern_sums(names, rows),))
    )
    enough = len(x) >= PER_VARIABLE * len(names)
    return _read(found, solved(found, sample, compare=compare and enough), kind, sd)


def _text(x: tuple[str, ...], y: tuple[str, ...], kind: str, begin: Begin, shared: bool) -> str:
    """Return the model with starting values, and with variances shared over waves if wished."""
    before = "within_" if kind == "riclpm" else ""
    lines = [MODELS[kind](x, y, equal=True)]
    (xx, yx), (xy, yy) = begin.lags
    for t in range(2, len(x) + 1):
        a, b = f"{before}x{t}", f"{before}y{t}"
        was_a, was_b = f"{before}x{t - 1}", f"{before}y{t - 1}"
        lines.append(f"{a} ~ start({xx:.4f})*{was_a} + start({yx:.4f})*{was_b}")
        lines.append(f"{b} ~ start({xy:.4f})*{was_a} + start({yy:.4f})*{was_b}")
        if kind == "clpm":
            (vx, c), (_, vy) = begin.new
            lines.append(f"{a} ~~ start({vx:.4f})*{a} + start({c:.4f})*{b}")
            lines.append(f"{b} ~~ start({vy:.4f})*{b}")
        if shared:
            lines += [f"{a} ~~ new_x*{a} + new_xy*{b}", f"{b} ~~ new_y*{b}"]
    return "\n".join(lines)


def _begin(x: Array, y: Array, kind: str) -> Begin:
    """Return least squares over neighbouring waves for the CLPM, a mild stay for the RI-CLPM."""
    if kind != "clpm":
        return Begin(np.eye(2) * STAYS, np.eye(2))
    both = np.stack([x, y], axis=-1)
    was, now = both[:, :-1].reshape(-1, 2), both[:, 1:].reshape(-1, 2)
    known = np.isfinite(was).all(axis=1) & np.isfinite(now).all(axis=1)
    lags = np.asarray(np.linalg.lstsq(was[known], now[known], rcond=None)[0].T, dtype=float)
    left = now[known] - was[known] @ lags.T
    return Begin(lags, left.T @ left / max(int(known.sum()), 1) + 1e-3 * np.eye(2))


def _read(found: Table, end: Solved, kind: str, size: tuple[float, float]) -> LoopFit:
    """Return the fit in the measures' own units; it was sought with both at an SD of one."""
    at = [end.of(found, label) for label in ("x_to_y", "y_to_x", "x_to_x", "y_to_y")]
    theta, ratio = end.theta, size[1] / size[0]
    own = np.diag([ratio, 1 / ratio])
    cov = np.full((2, 2), np.nan) if end.vcov is None else end.vcov[np.ix_(at[:2], at[:2])]
    values = {r.name: theta[r.index] if r.free else r.value for r in found.rows}
    before = "within_" if kind == "riclpm" else ""
    a, b = f"{before}x2", f"{before}y2"
    sd_x, sd_y = _spread(found, end.implied[0], before)
    return LoopFit(
        (float(theta[at[0]] * ratio), float(theta[at[1]] / ratio)),
        own @ cov @ own,
        (sd_x * size[0], sd_y * size[1]),
        _stable(values, size) if kind == "riclpm" else None,
        (float(theta[at[2]]), float(theta[at[3]])),
        _r(values[f"{a} ~~ {b}"], values[f"{a} ~~ {a}"], values[f"{b} ~~ {b}"]),
        len({r.label or r.name for r in found.rows if r.free and r.op != "~1"}),
        end.vcov is not None,
        end.faults,
        end.fit,
    )


def _stable(values: dict[str, float], size: tuple[float, float]) -> tuple[float, float, float]:
    x, y = values["stable_x ~~ stable_x"], values["stable_y ~~ stable_y"]
    together = _r(values["stable_x ~~ stable_y"], x, y)
    return float(x) * size[0] ** 2, float(y) * size[1] ** 2, together


def _r(covariance: float, one: float, other: float) -> float:
    return float(covariance / sqrt(one * other)) if min(one, other) > 0 else float("nan")


def _size(values: Array) -> float:
    size = float(np.nanstd(values - np.nanmean(values, axis=0)))
    if not size > 1e-10 * float(np.nanmax(np.abs(values))):
        raise ModelError("One of the two does not vary.")
    return size


def _spread(found: Table, at: Implied, before: str) -> tuple[float, float]:
    """Return the model's SDs of x and y around what is stable: root mean variance over waves."""
    every = structure(found).blocks[0].names
    total = np.diag(at.e @ at.s @ at.e.T)
    of = [[total[i] for i, n in enumerate(every) if n.startswith(f"{before}{s}")] for s in "xy"]
    x, y = (sqrt(max(float(np.mean(side)), 1e-300)) for side in of)
    return x, y
