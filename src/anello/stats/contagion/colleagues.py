"""Colleague to colleague: post = rho pre + beta mean(pre of colleagues) + person + site-day."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from anello.model.errors import ModelError

from ..linear.demean import two_way
from ..linear.ols import Regression, ols
from ..moments import Floats
from .clusters import Slope, apart, by_person, slope, thin
from .exposure import LEAST_LEFT, leave_one_out, left, naive, usual_colleagues
from .redealt import deals, interval, scored
from .shifts import Codes, Shifts, first_of, parted


@dataclass(frozen=True, slots=True)
class Asked:
    """How to test: deals, their seed, 1 - level of the interval, whose errors go together."""

    deals: int = 999
    seed: int = 1
    alpha: float = 0.05
    cluster: str = "auto"
    least: int = 5


@dataclass(frozen=True, slots=True)
class Contagion:
    """What a model of shifts found.

    `beta` and `rho` (None at the counter) carry CR2 errors; `p` is that of the re-dealt shifts and
    (`low`, `high`) the betas it does not reject. `std` is beta in standard deviations of what is
    left after all effects, `left` the share of the exposure's variance that they leave, `naive`
    the slope without any of this, shown because it is wrong.
    """

    beta: Slope
    rho: Slope | None
    p: float
    low: float | None
    high: float | None
    std: float
    naive: float | None
    left: float
    n: int
    persons: int
    sites: int
    days: int
    shifts: int
    dropped: int
    deals: int
    cluster: str
    clusters: int


def contagion(rows: Shifts, asked: Asked | None = None) -> Contagion:
    """Fit the exposure model by within and deal those present anew over each day's shifts.

    A row counts when its pre, its post and one colleague's pre are known and its site-day has two
    shifts; colleagues count whether or not their post is known. Beta is read with rho held: the
    mood that colleagues bring, at the same own mood. Raises `ModelError` when nobody's
    colleagues change, no day has two shifts, mood was only taken after, or too few took part.
    """
    asked = asked or Asked()
    measured_before(rows)
    used = parted(rows)
    two_shifts(used)
    x = leave_one_out(used.pre, used.weight, used.shift)
    known = np.isfinite(x) & np.isfinite(used.pre)
    dealt = used.kept(known)
    full = np.isfinite(dealt.post)
    fitted = dealt.kept(full)
    _enough(fitted, asked.least)
    share = _rotation(fitted, x[known][full], usual_colleagues(used)[known][full])
    columns = np.column_stack([x[known][full], fitted.pre, fitted.post])
    out = two_way(columns, fitted.person, fitted.day)
    _own_mood(out[:, 1], fitted.pre)
    absorbed = int(fitted.person.max() + fitted.day.max()) + 2
    fit = _fit(out, absorbed)
    errors, cluster, kind = _errors(fit, columns, fitted, asked.cluster)
    beta = slope("colleagues", 0, errors, cluster, asked.alpha)
    test = scored(orders(dealt.day, asked), *_deal(dealt, full, out), first_of(dealt.day))
    step = beta.se or float(fit.se[0])
    low, high = interval(test, beta.estimate, step, asked.alpha)
    return Contagion(
        beta, slope("own", 1, errors, cluster, asked.alpha), test.p(), low, high,
        beta.estimate * float(np.std(out[:, 0]) / np.std(out[:, 2])),
        naive(rows.post, rows.shift), share, fitted.n, int(fitted.person.max()) + 1,
        int(fitted.site.max()) + 1, int(fitted.day.max()) + 1, int(fitted.shift.max()) + 1,
        rows.n - fitted.n, asked.deals, kind, 0 if cluster is None else int(cluster.max()) + 1,
    )  # fmt: skip


def _fit(out: Floats, absorbed: int) -> Regression:
    try:
        return ols(out[:, :2], out[:, 2], absorbed)
    except ValueError:
        raise ModelError(
            "There are fewer rows than persons and days; ask more shifts of each person."
        ) from None


def orders(day: Codes, asked: Asked) -> Iterator[Codes]:
    """Yield the deal that happened, then the others."""
    yield np.arange(len(day))[:, None]
    yield from deals(day, asked.deals, asked.seed)


Dealing = tuple[Callable[[Codes], Floats], Callable[[Codes], tuple[Floats, Floats, Floats]]]


def _deal(dealt: Shifts, full: NDArray[np.bool_], out: Floats) -> Dealing:
    """Return how a deal exposes people, and their residuals in the places of a deal."""
    ex, ey, q = np.zeros(dealt.n), np.zeros(dealt.n), np.zeros(dealt.n)
    q[full] = out[:, 1] / np.sqrt(out[:, 1] @ out[:, 1])
    ex[full] = out[:, 0] - q[full] * (q[full] @ out[:, 0])
    ey[full] = out[:, 2] - q[full] * (q[full] @ out[:, 2])
    firsts, shift = first_of(dealt.shift), dealt.shift
    w, wx = dealt.weight, dealt.weight * dealt.pre

    def exposed(order: Codes) -> Floats:
        ws, wxs = w[order], wx[order]
        rest = np.add.reduceat(ws, firsts, axis=0)[shift] - ws
        return np.asarray((np.add.reduceat(wxs, firsts, axis=0)[shift] - wxs) / rest)

    def residuals(order: Codes) -> tuple[Floats, Floats, Floats]:
        return ey[order], ex[order], q[order][:, :, None]

    return exposed, residuals


def _errors(
    fit: Regression, columns: Floats, rows: Shifts, wanted: str
) -> tuple[Regression, Codes | None, str]:
    """Return the regression whose CR2 is asked for, its clusters and what they are."""
    groups = apart(rows.person, rows.site)
    by_site = wanted == "site" or (wanted == "auto" and int(groups.max()) > 0)
    if by_site:
        return (*thin(fit, groups), "site")
    whole = by_person(columns[:, :2], columns[:, 2], rows.person, rows.day)
    return (fit, None, "none") if whole is None else (whole, rows.person, "person")


def measured_before(rows: Shifts) -> None:
    """Refuse mood that was only taken after the shift."""
    both = np.isfinite(rows.pre) & np.isfinite(rows.post)
    if not np.isfinite(rows.pre).any() or (
        both.any() and np.all(rows.pre[both] == rows.post[both])
    ):
        raise ModelError(
            "Mood was only taken after the shift; whether it is passed on takes the mood that "
            "people bring, so ask once before the shift too."
        )


def two_shifts(used: Shifts) -> None:
    """Refuse days of one shift."""
    if not used.n:
        raise ModelError(
            "No day of any site has two shifts, so nothing can be compared within a day; "
            "contagion needs at least two shifts a day."
        )


def _enough(rows: Shifts, least: int) -> None:
    persons = int(rows.person.max()) + 1 if rows.n else 0
    if persons < least:
        raise ModelError(
            "Only {persons} people have a mood before, a mood after and a colleague; at least "
            "{least} are needed.",
            persons=persons,
            least=least,
        )


def _rotation(rows: Shifts, x: Floats, usual: Floats) -> float:
    """Return the share of exposure left over; refuse when nobody's colleagues change."""
    share = left(x, rows.person, rows.day)
    if min(share, left(usual, rows.person, rows.day)) < LEAST_LEFT:
        raise ModelError(
            "There is no rotation that could tell: once persons and days are taken out, under 5 % "
            "of the exposure is left, so what colleagues pass on cannot be told from what the team "
            "or the day shares."
        )
    return share


def _own_mood(inside: Floats, pre: Floats) -> None:
    if inside @ inside < 1e-16 * max(float(pre @ pre), 1e-300):
        raise ModelError("The mood before the shift never changes inside a person or a day.")
