"""What goes with what inside a person, and between persons, from one diary.

Each x becomes two columns: x minus the person's own mean ("inside a person": on days with more x
than usual) and that mean ("between persons": people who usually have more x). Both are in one
mixed model, the inside slopes free to vary from person to person (Bolger & Laurenceau, 2013,
Intensive Longitudinal Methods, chapters 4 and 5; Enders & Tofighi, 2007).

The means are of the rows used, so a between slope is pulled a little towards the inside slope when
each person has few rows (Luedtke et al., 2008); latent centring, in `latent`, does not do that.
"""

from dataclasses import dataclass

import numpy as np

from anello.model.errors import ModelError

from ..moments import Floats
from .rows import Codes, means, sums
from .sums import Effect, Mixed, effect, fit, lower

FLAT = 1e-9


@dataclass(frozen=True, slots=True)
class Slope:
    """One x inside a person and between persons, and their difference (the contextual effect).

    `sd` is the SD of the inside slope over persons (None when slopes are fixed). `within_std` and
    `between_std` are in SDs of that level: inside SDs, and SDs of person means.
    """

    term: str
    within: Effect
    between: Effect | None
    difference: Effect | None
    sd: float | None
    within_std: float
    between_std: float | None


@dataclass(frozen=True, eq=False)
class WithinBetween:
    """The fitted model: the intercept where every x is 0, one `Slope` a term, controls as given.

    `varying` are names and `g` the covariance matrix of what varies by person. `singular` says that
    a variance is estimated at zero or a correlation at one.
    """

    method: str
    intercept: Effect
    slopes: tuple[Slope, ...]
    controls: tuple[Effect, ...]
    varying: tuple[str, ...]
    g: Floats
    residual: float
    loglik: float
    n: int
    persons: int
    converged: bool
    singular: bool


@dataclass(frozen=True, eq=False)
class Centred:
    """The columns of the model: y, each x inside a person and its person mean, controls.

    `names` name the columns of `inside` and `usual` (n x m); a person mean that is the same for
    everybody is not in `between`, the list of those that enter.
    """

    person: Codes
    y: Floats
    names: tuple[str, ...]
    inside: Floats
    usual: Floats
    between: tuple[int, ...]
    controls: Floats
    control_names: tuple[str, ...]


def centred(
    person: Codes,
    y: Floats,
    x: Floats,
    names: tuple[str, ...],
    controls: Floats | None = None,
    control_names: tuple[str, ...] = (),
) -> Centred:
    """Split x (n x m) into what is inside a person and the person's mean.

    Raises `ModelError` for an x that never changes inside anybody: it has no inside slope.
    """
    usual = means(person, x)[person]
    inside = x - usual
    for i, name in enumerate(names):
        if float(np.abs(inside[:, i]).max(initial=0.0)) <= FLAT * max(
            np.abs(x[:, i]).max(), 1e-300
        ):
            raise ModelError(
                "{term} never changes inside a person, so nothing can be said of an effect inside; "
                "use it as a control, as in raw({term}).",
                term=name,
            )
    spread = np.ptp(usual, axis=0) > FLAT * np.maximum(np.abs(x).max(axis=0), 1e-300)
    between = tuple(i for i in range(len(names)) if spread[i])
    held = np.zeros((len(y), 0)) if controls is None else controls
    return Centred(person, y, names, inside, usual, between, held, control_names)


def within_between(data: Centred, random: bool = True, reml: bool = True) -> WithinBetween:
    """Fit the model; `random` lets every inside slope vary by person, with all covariances.

    Raises `ModelError` when there are too few people or rows for what varies.
    """
    m, n = len(data.names), len(data.y)
    persons = int(data.person.max()) + 1
    q = 1 + (m if random else 0)
    _enough(n, persons, q, data)
    ones = np.ones((n, 1))
    z = np.column_stack([ones, data.inside]) if random else ones
    shift = data.usual.mean(axis=0)
    usual = (data.usual - shift)[:, list(data.between)]
    held = data.controls - data.controls.mean(axis=0)
    level = float(data.y.mean())
    away = np.concatenate([[0.0] * m, shift[list(data.between)], data.controls.mean(axis=0)])
    x = np.column_stack([ones, data.inside, usual, held, data.y - level])
    found = fit(sums(data.person, z, z), sums(data.person, z, x), x.T @ x, n, lower(q), reml)
    intercept = found.contrast("(Intercept)", np.append(1.0, -away), level)
    return _told(data, found, random, reml, intercept)


def _enough(n: int, persons: int, q: int, data: Centred) -> None:
    if persons < 2:
        raise ModelError("There is a single person; differences between people need at least two.")
    if float(np.ptp(data.y)) == 0:
        raise ModelError(
            "The outcome has the same value in every row; there is nothing to explain."
        )
    if float(np.abs(data.y - means(data.person, data.y)[data.person]).max()) <= FLAT * max(
        float(np.abs(data.y).max()), 1e-300
    ):
        raise ModelError(
            "The outcome never changes inside a person, so a diary has nothing to explain here."
        )
    if persons < q + 1 or n <= persons * q:
        raise ModelError(
            "{rows} rows of {persons} people are too few for {effects} effects that vary from "
            "person to person; hold the slopes fixed.",
            rows=n,
            persons=persons,
            effects=q,
        )


def _told(
    data: Centred, found: Mixed, random: bool, reml: bool, intercept: Effect
) -> WithinBetween:
    first = 1 + len(data.names)
    se = np.sqrt(np.diag(found.vcov))
    made = [
        effect("", float(b), float(s), float(d))
        for b, s, d in zip(found.beta, se, found.df, strict=True)
    ]
    scale_in, scale_up = _spreads(data, data.inside, data.y)
    slopes = []
    for i, name in enumerate(data.names):
        inside = _named(made[1 + i], name)
        at = first + data.between.index(i) if i in data.between else None
        up = None if at is None else _named(made[at], name)
        gap = None if at is None else found.contrast(name, _minus(len(found.beta), at, 1 + i))
        sd = float(np.sqrt(found.g[1 + i, 1 + i])) if random else None
        up_std = None if up is None else float(up.estimate * scale_up[i])
        within_std = float(inside.estimate * scale_in[i])
        slopes.append(Slope(name, inside, up, gap, sd, within_std, up_std))
    start = first + len(data.between)
    controls = tuple(_named(made[start + i], name) for i, name in enumerate(data.control_names))
    return WithinBetween(
        "REML" if reml else "ML", intercept, tuple(slopes), controls,
        ("(Intercept)", *(data.names if random else ())), found.g, found.sigma2,
        -found.deviance / 2, len(data.y), int(data.person.max()) + 1,
        found.best.converged, found.best.singular,
    )  # fmt: skip


def _named(e: Effect, name: str) -> Effect:
    return Effect(name, e.estimate, e.se, e.df, e.p, e.low, e.high)


def _minus(p: int, one: int, other: int) -> Floats:
    weights = np.zeros(p)
    weights[one], weights[other] = 1.0, -1.0
    return weights


def _spreads(data: Centred, inside: Floats, y: Floats) -> tuple[Floats, Floats]:
    """Return SD(x) / SD(y) inside persons and of person means."""
    own = means(data.person, y)
    usual = means(data.person, data.usual)
    left = np.sqrt((inside**2).mean(axis=0)) / np.sqrt(((y - own[data.person]) ** 2).mean())
    spread = own.std()
    return left, np.asarray(usual.std(axis=0) / spread if spread > 0 else np.zeros(inside.shape[1]))
