"""`anello fit contagion` and `anello fit counter`: mood on shifts, from files of rows.

For a person who already holds the rows. It starts neither Ibis nor anything that draws.
"""

from dataclasses import asdict
from math import isfinite
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

from anello.model.errors import ModelError
from anello.stats.contagion.clusters import Slope
from anello.stats.contagion.colleagues import Asked, Contagion, contagion
from anello.stats.contagion.counter import counter
from anello.stats.contagion.shifts import Shifts, first_of
from anello.stats.moments import Floats

from .contagion_file import Where, customers, placed, staff, texts_of
from .files import open_file

NAIVE = {
    "contagion": "slope on the colleagues' mood at the same time, with nothing taken out; wrong: "
    "whatever touches the whole shift moves both sides",
    "counter": "slope over all shifts with nothing taken out; wrong: a busy day moves both sides",
}


def fit_contagion(
    path: str,
    *,
    person: str,
    day: str,
    shift: str,
    post: str,
    pre: str | None = None,
    site: str | None = None,
    weight: str | None = None,
    permutations: int = 999,
    seed: int = 1,
    cluster: str = "auto",
    level: float = 0.95,
) -> dict[str, Any]:
    """Fit whether the mood that colleagues bring is passed on during a shift.

    Keys: model, n, persons, sites, days, shifts, dropped, exposure_left, params (term, estimate,
    se, df, p, low, high, std), permutation (p, permutations, seed, low, high), naive, cluster,
    clusters, seconds. In `params` the errors are CR2; the test to go by is `permutation`. Raises
    `SourceError` or `ModelError`, each one sentence.
    """
    started = perf_counter()
    asked = _asked(permutations, seed, cluster, level)
    if pre is None or pre == post:
        raise _only_after()
    rows = staff(path, person, (site, day, shift), (pre, post, weight))
    return _plain("contagion", contagion(rows, asked), asked, perf_counter() - started)


def fit_counter(
    staff_path: str,
    customers_path: str | None = None,
    *,
    person: str,
    day: str,
    shift: str,
    customer: str,
    pre: str | None = None,
    site: str | None = None,
    weight: str | None = None,
    permutations: int = 999,
    seed: int = 1,
    cluster: str = "auto",
    level: float = 0.95,
) -> dict[str, Any]:
    """Fit whether the mood that staff bring reaches the customers of their shift.

    The customers' file holds the same columns of site, day and shift and one row a customer or a
    shift; without one, each row of the staff's file has the figure of its shift. Keys as in
    `fit_contagion`; `n` counts shifts.
    """
    started = perf_counter()
    asked = _asked(permutations, seed, cluster, level)
    if pre is None:
        raise _only_after()
    where: Where = (site, day, shift)
    rows = staff(staff_path, person, where, (pre, None, weight))
    scores = customers(customers_path or staff_path, where, customer)
    y = _by_shift(staff_path, where, rows, scores)
    return _plain("counter", counter(rows, y, asked), asked, perf_counter() - started)


def _only_after() -> ModelError:
    return ModelError(
        "Mood was only taken after the shift; whether it is passed on takes the mood that "
        "people bring, so ask once before the shift too."
    )


def _asked(permutations: int, seed: int, cluster: str, level: float) -> Asked:
    if not 99 <= permutations <= 100_000:
        raise ModelError("Deal the shifts anew between 99 and 100,000 times.")
    if not 0.5 <= level < 1:
        raise ModelError("The level of an interval lies between 0.5 and 1, as in 0.95.")
    return Asked(permutations, seed, 1 - level, cluster)


def _by_shift(
    path: str, where: Where, rows: Shifts, scores: dict[tuple[str, str, str], float]
) -> Floats:
    """Return the customers' figure of each shift code."""
    file = open_file(Path(path))
    texts = texts_of(file, [c for c in where if c is not None])
    site, day, shift = placed(texts, where, len(texts[where[1]]))
    firsts = rows.place[first_of(rows.shift)]
    keys = [(str(site[i]), str(day[i]), str(shift[i])) for i in firsts]
    found = np.array([scores.get(key, np.nan) for key in keys], dtype=np.float64)
    if not np.isfinite(found).any():
        raise ModelError(
            "No shift of the staff has an answer of customers; site, day and shift must be written "
            "alike in both files."
        )
    return found


def _plain(model: str, m: Contagion, asked: Asked, seconds: float) -> dict[str, Any]:
    params = [_param(s) for s in (m.beta, m.rho) if s is not None]
    params[0]["std"] = m.std if isfinite(m.std) else None
    return {
        "model": model,
        "n": m.n,
        "persons": m.persons,
        "sites": m.sites,
        "days": m.days,
        "shifts": m.shifts,
        "dropped": m.dropped,
        "exposure_left": m.left,
        "params": params,
        "permutation": {
            "p": m.p, "permutations": m.deals, "seed": asked.seed, "low": m.low, "high": m.high,
        },
        "naive": {"estimate": m.naive, "what": NAIVE[model]},
        "cluster": m.cluster,
        "clusters": m.clusters,
        "seconds": {"total": seconds},
    }  # fmt: skip


def _param(s: Slope) -> dict[str, Any]:
    return asdict(s) | {"std": None}
