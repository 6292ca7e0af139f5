"""The smile at the counter: customers = beta mean(staff pre) + site-day + shift slot, by shift."""

import numpy as np

from anello.model.errors import ModelError

from ..linear.demean import one_way
from ..linear.ols import ols
from ..moments import Floats
from .clusters import slope, thin
from .colleagues import Asked, Contagion, Dealing, measured_before, orders, two_shifts
from .exposure import LEAST_LEFT
from .redealt import interval, scored
from .shifts import Codes, Shifts, first_of, parted


def counter(rows: Shifts, customers: Floats, asked: Asked | None = None) -> Contagion:
    """Fit the customers' mean of each shift on the mood that its staff brought.

    `customers` has one figure for each shift code of `rows` (NaN unknown). A shift counts when
    it and another one of its site-day have both figures. Staff are dealt anew over the day's
    shifts, customers and slots stay. Slots are told apart by their names ("early", "late"), which
    must come back on other days. Raises `ModelError` as `contagion` does.
    """
    asked = asked or Asked()
    measured_before(rows)
    known = np.isfinite(rows.pre) & np.isfinite(customers)[rows.shift]
    two_shifts(parted(rows))
    kept = np.flatnonzero(known)
    there = rows.kept(known)
    y_of = customers[rows.shift[kept]]
    slots = np.bincount(there.day[first_of(there.shift)]) if there.n else np.zeros(0)
    inside = slots[there.day] >= 2
    used, y_row = there.kept(inside), y_of[inside]
    two_shifts(used)
    _enough(used, asked.least)
    firsts = first_of(used.shift)
    y, day, slot = y_row[firsts], used.day[firsts], used.slot[firsts]
    x = _means(used, firsts)
    Z = _slots(slot, day)
    Q = _basis(one_way(Z, day)) if Z.shape[1] else np.zeros((len(y), 0))
    out = one_way(np.column_stack([x, y]), day)
    rest = out - Q @ (Q.T @ out)
    share = _rotation(x, rest[:, 0], used, firsts)
    fit = ols(np.column_stack([out[:, :1], one_way(Z, day)]), out[:, 1], int(day.max()) + 1)
    cluster, kind = used.site[firsts], "site"
    if asked.cluster != "site" and int(used.site.max()) == 0:
        cluster, kind = day, "day"
    beta = slope("staff", 0, *thin(fit, cluster), asked.alpha)
    test = scored(orders(used.day, asked), *_deal(used, firsts, rest, Q), first_of(day))
    low, high = interval(test, beta.estimate, beta.se or float(fit.se[0]), asked.alpha)
    spread = float(np.sum((x - x.mean()) ** 2))
    raw = float((x - x.mean()) @ (y - y.mean())) / spread
    return Contagion(
        beta, None, test.p(), low, high,
        beta.estimate * float(np.std(rest[:, 0]) / np.std(rest[:, 1])), raw, share, len(y),
        int(used.person.max()) + 1, int(used.site.max()) + 1, int(day.max()) + 1, len(y),
        int(np.isfinite(customers).sum()) - len(y), asked.deals, kind, int(cluster.max()) + 1,
    )  # fmt: skip


def _means(rows: Shifts, firsts: Codes, values: Floats | None = None) -> Floats:
    """Return the weighted mean on each shift, of pre unless other values are given."""
    v = rows.pre if values is None else values
    total = np.add.reduceat(rows.weight * v, firsts)
    return np.asarray(total / np.add.reduceat(rows.weight, firsts), dtype=np.float64)


def _slots(slot: Codes, day: Codes) -> Floats:
    """Return the slots as columns; refuse names that never come back."""
    names = int(slot.max()) + 1
    if names > len(slot) - int(day.max()) - 2:
        raise ModelError(
            "The shifts have names that do not come back on other days; call them alike every day, "
            "as in `early` and `late`, so that the hour is not taken for the staff."
        )
    return np.asarray(slot[:, None] == np.arange(1, names), dtype=np.float64)


def _basis(Z: Floats) -> Floats:
    U, s, _ = np.linalg.svd(Z, full_matrices=False)
    return np.asarray(U[:, s > (s[0] if len(s) else 0.0) * 1e-10], dtype=np.float64)


def _deal(rows: Shifts, firsts: Codes, rest: Floats, Q: Floats) -> Dealing:
    """Return the mood at each shift's counter in a deal, and the residuals of the shifts."""
    w, wx = rows.weight, rows.weight * rows.pre
    e_x, e_y = rest[:, :1], rest[:, 1:]

    def exposed(order: Codes) -> Floats:
        total = np.add.reduceat(wx[order], firsts, axis=0)
        return np.asarray(total / np.add.reduceat(w[order], firsts, axis=0))

    def residuals(order: Codes) -> tuple[Floats, Floats, Floats]:
        return e_y, e_x, Q[:, None, :]

    return exposed, residuals


def _enough(rows: Shifts, least: int) -> None:
    persons = int(rows.person.max()) + 1
    if persons < least:
        raise ModelError(
            "Only {persons} people brought a mood to shifts with customers' answers; at least "
            "{least} are needed.",
            persons=persons,
            least=least,
        )


def _rotation(x: Floats, rest: Floats, rows: Shifts, firsts: Codes) -> float:
    """Return the share of the staff's mood that is left; refuse when the same people always serve.

    With fixed teams the usual mood at a counter is the same every day, whoever is on it.
    """
    mean = np.bincount(rows.person, rows.pre) / np.bincount(rows.person)
    usual = _means(rows, firsts, mean[rows.person])
    shares = []
    team = _team_out(usual, rows, firsts)
    for values, after in ((x, rest), (usual, team)):
        total = float(np.sum((values - values.mean()) ** 2))
        shares.append(float(after @ after) / total if total > 0 else 0.0)
    if min(shares) < LEAST_LEFT:
        raise ModelError(
            "There is no rotation that could tell: once days and shifts are taken out, under 5 % "
            "of the staff's mood is left, so the staff cannot be told from the day or the hour."
        )
    return shares[0]


def _team_out(usual: Floats, rows: Shifts, firsts: Codes) -> Floats:
    """Return the usual mood without days, slots and the slots of each single site."""
    day, site, slot = rows.day[firsts], rows.site[firsts], rows.slot[firsts]
    _, place = np.unique(np.column_stack([site, slot]), axis=0, return_inverse=True)
    out = usual[:, None]
    for _ in range(50):
        out = one_way(one_way(out, day), place.reshape(-1))
    return np.asarray(out[:, 0])
